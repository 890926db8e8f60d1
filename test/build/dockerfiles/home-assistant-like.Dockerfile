ARG BUILD_FROM
FROM ${BUILD_FROM}
ENV \
    S6_SERVICES_GRACETIME=240000 \
    UV_SYSTEM_PYTHON=true
ARG QEMU_CPU
RUN pip install uv==0.5.0
WORKDIR /usr/src
COPY requirements.txt app/
COPY src app/src/
RUN \
    if ls app/home_assistant_*.whl 1> /dev/null 2>&1; then \
        uv pip install app/home_assistant_*.whl; \
    fi \
    && LD_PRELOAD="" MALLOC_CONF="background_thread:true" \
    uv pip install --no-build -r app/requirements.txt
COPY docker/root /
WORKDIR /config
# arg BUILD_FROM=ghcr.io/home-assistant/base:3.20
# has usr/bin/entrypoint usr/src/app/src/index.js config
