FROM golang:alpine AS build
WORKDIR /app
RUN --mount=type=cache,target=/go/pkg/mod/ \
    --mount=type=bind,source=go.sum,target=go.sum \
    --mount=type=bind,source=go.mod,target=go.mod \
    go mod download -x
RUN --mount=type=cache,target=/go/pkg/mod/,sharing=locked \
    --mount=type=tmpfs,target=/tmp/work,size=8m \
    --mount=type=secret,id=token,required=false \
    --mount=type=ssh \
    --mount=type=bind,target=. \
    go build -o /bin/server .
FROM alpine:3.20 AS final
RUN --mount=type=cache,target=/var/cache/apk apk --update add ca-certificates tzdata && update-ca-certificates
ARG UID=10001
RUN adduser -D -H -u "${UID}" appuser
USER appuser
COPY --from=build /bin/server /bin/
ENTRYPOINT [ "/bin/server" ]
# has bin/server
# lacks app/go.mod
