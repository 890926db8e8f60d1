# syntax=docker/dockerfile:1
ARG GO_VERSION=1.23
ARG XX_VERSION=1.5.0

FROM --platform=$BUILDPLATFORM tonistiigi/xx:${XX_VERSION} AS xx
FROM --platform=$BUILDPLATFORM golang:${GO_VERSION}-alpine AS base
COPY --from=xx / /
WORKDIR /src
ENV CGO_ENABLED=0

FROM base AS version
RUN --mount=target=. \
  PKG=example.com/app VERSION=$(cat VERSION) && \
  echo "-X ${PKG}/version.Version=${VERSION}" | tee /tmp/.ldflags && \
  echo -n "${VERSION}" | tee /tmp/.version

FROM base AS build
ARG TARGETPLATFORM
ARG TARGETOS TARGETARCH TARGETVARIANT
RUN --mount=type=bind,target=. \
    --mount=type=cache,target=/root/.cache,id=go-$TARGETPLATFORM \
    --mount=type=bind,from=version,source=/tmp/.ldflags,target=/tmp/.ldflags \
    GOOS=$TARGETOS GOARCH=$TARGETARCH go build -ldflags "$(cat /tmp/.ldflags)" -o /out/app ./cmd

FROM scratch AS binary-unix
COPY --link --from=build /out/app /
FROM binary-unix AS binary-linux
FROM scratch AS binary-windows
COPY --link --from=build /out/app /app.exe
FROM binary-$TARGETOS AS binary
# has app
# text app linux/amd64
