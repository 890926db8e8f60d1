# syntax=docker/dockerfile:1.4
FROM --platform=$BUILDPLATFORM rust:1.83-alpine AS build
ARG TARGETARCH
RUN <<EOF
set -eux
case "${TARGETARCH}" in
  amd64) echo x86_64-unknown-linux-musl ;;
  arm64) echo aarch64-unknown-linux-musl ;;
  *) echo "unsupported ${TARGETARCH}" >&2; exit 1 ;;
esac > /target
EOF
WORKDIR /src
COPY --parents=false Cargo.toml Cargo.lock ./
# fails unknown flag: --parents
