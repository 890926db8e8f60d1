# Build stage
FROM docker.io/library/golang:1.23-alpine3.20 AS build-env
ARG GOPROXY
ENV GOPROXY=${GOPROXY:-direct}
ARG VERSION
ARG TAGS="sqlite sqlite_unlock_notify"
ENV TAGS="bindata timetzdata $TAGS"
RUN apk --no-cache add build-base git nodejs npm && rm -rf /var/cache/apk/*
COPY . ${GOPATH:-/go}/src/app
WORKDIR ${GOPATH:-/go}/src/app
RUN if [ -n "${VERSION}" ]; then git checkout "${VERSION}"; fi \
 && make clean-all build
RUN go build -o env-to-ini contrib/environment-to-ini
COPY docker/root /tmp/local
RUN chmod 755 /tmp/local/usr/bin/entrypoint \
              /go/src/app/env-to-ini
RUN chmod 644 /tmp/local/etc/motd
FROM docker.io/library/alpine:3.20
EXPOSE 22 3000
RUN addgroup -S -g 1000 git && \
    adduser -S -H -D -h /data/git -s /bin/sh -u 1000 -G git git && \
    echo "git:*" | cat
ENV USER=git
ENV CUSTOM=/data/app
VOLUME ["/data"]
ENTRYPOINT ["/usr/bin/entrypoint"]
CMD ["/bin/s6-svscan", "/etc/s6"]
COPY --from=build-env /tmp/local /
COPY --from=build-env /go/src/app/env-to-ini /usr/local/bin/environment-to-ini
# has usr/bin/entrypoint etc/motd usr/local/bin/environment-to-ini
# mode etc/motd 644
# config Object.keys(c.ExposedPorts).length === 2 && c.Env.includes('USER=git')
