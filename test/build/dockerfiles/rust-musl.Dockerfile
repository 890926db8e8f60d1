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
COPY --parents Cargo.* ./cmd/*/main.go ./
COPY --parents docker/./root/etc docker/./root/usr/bin/entry* /parts
COPY --exclude=**/*.csproj --parents ["src", "/lists"]
FROM scratch
COPY --from=build --parents src/Cargo.toml src/cmd parts lists /all
# has all/src/Cargo.toml
# has all/src/cmd/app/main.go
# has all/parts/root/etc/motd
# has all/parts/root/usr/bin/entrypoint
# has all/lists/src/index.js
# lacks all/lists/src/App.csproj
# lacks all/lists/Cargo.toml
# lacks all/src/package.json
# lacks all/target
# lacks bin
