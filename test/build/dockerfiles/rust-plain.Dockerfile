FROM rust:1.83-alpine AS build
ARG TARGETARCH
RUN <<EOF
set -eux
case "${TARGETARCH}" in
  amd64) echo x86_64-unknown-linux-musl ;;
  *) echo "unsupported ${TARGETARCH}" >&2; exit 1 ;;
esac > /target
EOF
WORKDIR /src
COPY Cargo.toml Cargo.lock ./
# Dependencies first
RUN mkdir src && echo 'fn main() {}' > src/main.rs && cargo build --release --target "$(cat /target)"
COPY --exclude=*.md . .
RUN touch src/main.rs; cargo build --release --target "$(cat /target)" && \
    mv target/*/release/app /app
FROM scratch
COPY --from=build /app /app
USER 65532:65532
CMD ["/app"]
# has app
# config c.User === '65532:65532'
