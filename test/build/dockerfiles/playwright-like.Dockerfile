FROM ubuntu:24.04
ARG DEBIAN_FRONTEND=noninteractive
ARG TZ=America/Los_Angeles
ARG IMAGE_NAME_TEMPLATE="mcr/app:v%version%-noble"
ENV LANG=C.UTF-8
ENV LC_ALL=C.UTF-8
RUN apt-get update && \
    apt-get install -y --no-install-recommends curl wget gpg && \
    rm -rf /var/lib/apt/lists/* && \
    adduser -D -u 1007 pwuser
ENV BROWSERS_PATH=/ms-browsers
RUN mkdir /ms-browsers && \
    mkdir /ms-agent && cd /ms-agent && \
    echo "{\"name\":\"$IMAGE_NAME_TEMPLATE\"}" > meta.json && \
    rm -rf /ms-agent/tmp && \
    chmod -R 777 /ms-browsers
# has ms-agent/meta.json
# text ms-agent/meta.json mcr/app:v%version%-noble
# mode ms-browsers 777
# lacks var/lib/apt/lists/packages
