FROM nginx:1.27@sha256:0000000000000000000000000000000000000000000000000000000000000002
RUN rm -f /etc/nginx/conf.d/default.conf
COPY --chown=nginx:nginx config/ /etc/nginx/conf.d
RUN ln -sf /dev/stdout /access.log \
	&& ln -sf /dev/stderr /error.log
EXPOSE 80 443/tcp
# has etc/nginx/conf.d/server.yml access.log
# owner etc/nginx/conf.d/server.yml 1500
