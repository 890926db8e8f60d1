ARG PG_MAJOR=16
FROM postgres:$PG_MAJOR-bookworm
ARG PG_MAJOR
COPY . /tmp/extension
RUN apt-get update && \
		apt-mark hold locales && \
		apt-get install -y --no-install-recommends build-essential postgresql-server-dev-$PG_MAJOR && \
		cd /tmp/extension && \
		make clean && \
		make OPTFLAGS="" && \
		make install && \
		mkdir -p /usr/share/doc/extension && \
		cp README.md /usr/share/doc/extension && \
		rm -r /tmp/extension && \
		rm -rf /var/lib/apt/lists/*
COPY scripts/*.sh scripts/*.sql /docker-entrypoint-initdb.d
# has usr/local/lib/made usr/share/doc/extension/README.md docker-entrypoint-initdb.d/init.sql docker-entrypoint-initdb.d/start.sh
# lacks tmp/extension
