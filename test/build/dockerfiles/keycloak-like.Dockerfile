FROM registry.access.redhat.com/ubi9 AS ubi-micro-build
ENV DIST_VERSION 26.0.5
ARG DIST=https://example.com/keycloak-$DIST_VERSION.tar.gz
RUN dnf install -y tar gzip
ADD dist.tar /tmp/dist/
RUN mkdir -p /opt/keycloak && cp -r /tmp/dist/* /opt/keycloak && \
    mkdir -p /opt/keycloak/data && chmod -R g+rwX /opt/keycloak
FROM registry.access.redhat.com/ubi9-micro
ENV LANG en_US.UTF-8
COPY --from=ubi-micro-build /tmp/dist /opt/keycloak
COPY --from=ubi-micro-build --chown=1000:0 /opt/keycloak /opt/keycloak
RUN echo "keycloak:x:0:root" >> /etc/group && \
    echo "keycloak:x:1000:0:keycloak user:/opt/keycloak:/sbin/nologin" >> /etc/passwd
USER 1000
EXPOSE 8080
EXPOSE 8443
ENTRYPOINT [ "/opt/keycloak/bin/kc.sh" ]
LABEL name="keycloak" \
      vendor="somebody" \
      version="of ${DIST_VERSION:-no stage}"
# has opt/keycloak/bin/kc.sh
# owner opt/keycloak/bin/kc.sh 1000
# config c.Labels.version === 'of no stage'
