# syntax=docker/dockerfile:1.2
FROM alpine:3.20
RUN apk --no-cache --no-progress add ca-certificates tzdata \
    && rm -rf /var/cache/apk/*
ARG TARGETPLATFORM
COPY ./dist/$TARGETPLATFORM/proxy /
EXPOSE 80
VOLUME ["/tmp"]
ENTRYPOINT ["/proxy"]
# has proxy
