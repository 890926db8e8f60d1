ARG ARCH="amd64"
ARG OS="linux"
FROM quay.io/prometheus/busybox-${OS}-${ARCH}:latest
LABEL maintainer="The Authors <somebody@example.com>"
ARG ARCH="amd64"
ARG OS="linux"
COPY .build/${OS}-${ARCH}/server        /bin/server
COPY config/server.yml                  /etc/server/server.yml
WORKDIR /server
RUN chown -R nobody:nobody /etc/server /server && ln -s /server /etc/server/data
USER       nobody
EXPOSE     9090
VOLUME     [ "/server" ]
ENTRYPOINT [ "/bin/server" ]
CMD        [ "--config.file=/etc/server/server.yml", \
             "--storage.path=/server" ]
# has bin/server etc/server/server.yml etc/server/data
# owner etc/server/server.yml 65534
# config c.Cmd.length === 2 && '/server' in c.Volumes && c.Entrypoint[0] === '/bin/server'
