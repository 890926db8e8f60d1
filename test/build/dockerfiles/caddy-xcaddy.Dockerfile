FROM caddy:2-builder AS builder
RUN xcaddy build \
    --with github.com/example/plugin=/ \
    --output /usr/bin/caddy
FROM caddy:2
COPY --from=builder /usr/bin/caddy /usr/bin/caddy
COPY <<EOF /etc/caddy/Caddyfile
:80 {
	respond "hello {$NAME:world}"
}
EOF
# has usr/bin/caddy
# text etc/caddy/Caddyfile respond "hello {:world}"
