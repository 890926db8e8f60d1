# syntax=docker/dockerfile:1
# check=skip=FromPlatformFlagConstDisallowed,RedundantTargetPlatform

FROM --platform=linux/amd64 docker.io/vaultwarden/web-vault@sha256:0000000000000000000000000000000000000000000000000000000000000001 AS vault

FROM --platform=$TARGETPLATFORM docker.io/library/rust:1.83-slim-bookworm AS build
ARG TARGETARCH
ARG TARGETVARIANT
SHELL ["/bin/sh", "-o", "pipefail", "-c"]
ENV CARGO_HOME="/root/.cargo" \
    USER="root"
RUN mkdir -pv "${CARGO_HOME}" && touch "${CARGO_HOME}/env"
WORKDIR /app
ARG DB=sqlite,mysql
RUN echo "export CARGO_TARGET=linux-${TARGETARCH}${TARGETVARIANT/v/-v}" >> /env-cargo && \
    . /env-cargo && test -n "$CARGO_TARGET"
COPY ./Cargo.toml ./Cargo.lock ./
ARG CARGO_PROFILE=release
RUN . /env-cargo && cargo build --features ${DB} --profile "${CARGO_PROFILE}" | cat
COPY . .
RUN . /env-cargo && cargo build --features ${DB} --release && mkdir -p /out && cp target/release/app /out/

FROM --platform=$TARGETPLATFORM docker.io/library/debian:bookworm-slim
ENV ROCKET_PROFILE="release" \
    ROCKET_PORT=80
RUN mkdir /data
VOLUME /data
EXPOSE 80
WORKDIR /
COPY scripts/start.sh /start
COPY --from=vault /web-vault ./web-vault
COPY --from=build /out/app .
HEALTHCHECK --interval=60s --timeout=10s CMD ["/healthcheck.sh"]
CMD ["/start"]
# has app start web-vault/index.html
# config c.Healthcheck.Test[0] === 'CMD'
