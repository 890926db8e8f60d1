FROM debian:bookworm-slim
# add our user and group first to make sure their ids get assigned consistently
RUN set -eux; \
	addgroup -S -g 999 redis; \
	adduser -S -D -H -u 999 -G redis redis
ENV TOOL_VERSION 1.17
RUN set -eux; \
	savedAptMark="$(apt-mark showmanual)"; \
	apt-get update; \
# things that are needed
	apt-get install -y --no-install-recommends ca-certificates; \
	rm -rf /var/lib/apt/lists/*; \
	arch="$(uname -m)"; \
	case "${arch##*-}" in \
		'x86_64') export ARCH='amd64' ;; \
		'aarch64') export ARCH='arm64' ;; \
		*) echo >&2 "error: unsupported architecture: '$arch'"; exit 1 ;; \
	esac; \
	make -j 2 all; \
	\
	make install; \
	echo "$ARCH" > /arch
RUN mkdir /data && chown redis:redis /data
VOLUME /data
WORKDIR /data
COPY scripts/start.sh /usr/local/bin/
ENTRYPOINT ["start.sh"]
EXPOSE 6379
CMD ["redis-server"]
# has usr/local/lib/made usr/local/bin/start.sh
# text arch amd64
# owner data 999
