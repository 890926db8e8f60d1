FROM golang:1.23-alpine AS build
ARG TARGETARCH
ARG RELEASE
ENV GOPATH=/go
ENV CGO_ENABLED=0
RUN apk add -U --no-cache ca-certificates && \
    if [ -z "${RELEASE}" ]; then echo latest > /go-release; else echo "${RELEASE##*.}" > /go-release; fi && \
    chmod 0444 /go-release
COPY --chmod=+x scripts/start.sh /usr/bin/docker-entrypoint.sh
FROM registry.access.redhat.com/ubi9/ubi-micro:latest
ARG RELEASE
LABEL name="Store" release="${RELEASE}" summary="objects, \
in many words"
ENV SECRET_FILE=secret_key \
    CONFIG_ENV_FILE=config.env
COPY --from=build /usr/bin/docker-entrypoint.sh /go-release /usr/bin/
ENTRYPOINT ["/usr/bin/docker-entrypoint.sh"]
VOLUME ["/data"]
CMD ["store"]
# arg RELEASE=R.2024.12
# has usr/bin/go-release usr/bin/docker-entrypoint.sh
# text usr/bin/go-release 12
# mode usr/bin/docker-entrypoint.sh 755
# config c.Labels.release === 'R.2024.12' && c.Labels.summary === 'objects, in many words'
