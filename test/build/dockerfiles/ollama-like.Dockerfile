ARG FLAVOR=${TARGETARCH}
FROM --platform=linux/amd64 rocm/dev-almalinux-8:6.1-complete AS base-amd64
RUN dnf install -y cpp && true
FROM --platform=linux/arm64 almalinux:8 AS base-arm64
RUN dnf install -y clang
FROM base-${TARGETARCH} AS base
ARG CMAKEVERSION=3.31
RUN echo $CMAKEVERSION > /cmake
FROM base AS cpu
WORKDIR /dist
RUN --mount=type=cache,target=/root/.ccache \
    cp /cmake lib
FROM --platform=linux/amd64 scratch AS amd64
COPY --from=cpu dist/lib /lib/ollama/
FROM --platform=linux/arm64 scratch AS arm64
COPY --from=cpu dist/lib /lib/other
FROM ${FLAVOR} AS archive
COPY --from=base /cmake /bin/
FROM ubuntu:20.04
COPY --from=archive /bin /usr/bin
ENV OLLAMA_HOST=0.0.0.0:11434
EXPOSE 11434
ENTRYPOINT ["/bin/ollama"]
CMD ["serve"]
# has usr/bin/cmake
# text usr/bin/cmake 3.31
