# Slipway as container images, built by Slipway itself and without a network: docs/container.md
#
#   ./slipway build . --tag slipway/slipway:VERSION                       everything; runs with --privileged
#   ./slipway build . --target stand-in --tag slipway/stand-in:VERSION    API and registry without builds; runs without privileges

FROM debian:trixie AS system
# A base image that was imported with these packages needs no network here.
RUN [ -e /usr/bin/docker-registry ] || { \
      printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d && chmod 755 /usr/sbin/policy-rc.d && \
      apt-get update && apt-get install -y --no-install-recommends \
        busybox-static ca-certificates debian-archive-keyring docker-registry e2fsprogs git iproute2 mount nftables openssh-client \
        openssl passwd ripgrep runc skopeo slirp4netns tar util-linux xz-utils && \
      rm -rf /usr/sbin/policy-rc.d /var/lib/apt/lists/*; }

# What `slipway install` makes of the checkout: code, the packages that run it, and the console.
FROM system AS installed
COPY . /src
RUN /src/slipway install --root /installed

# The programs of a server that takes no builds, with the libraries that they and Node load.
FROM installed AS parts
RUN cd /usr/bin && programs=$(realpath docker-registry rg openssl setpriv) && mkdir /parts && \
    cp -L --parents -t /parts $programs /etc/ssl/certs/ca-certificates.crt /usr/lib/ssl/openssl.cnf \
      $(ldd $programs /installed/opt/slipway/current/node_modules/node-linux-*/bin/node | grep -o '/[^: ]* (0x' | cut -d' ' -f1 | sort -u)

FROM busybox AS stand-in
COPY --from=parts /parts /
COPY --from=installed /installed/opt /opt
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    NODE_COMPILE_CACHE=/var/cache/slipway
RUN echo 'slipway:x:8720:8720::/var/lib/slipway:/bin/sh' >>/etc/passwd && echo 'slipway:x:8720:' >>/etc/group && \
    mkdir -p /tmp /var/tmp /var/lib/slipway /var/cache/slipway && chmod 1777 /tmp /var/tmp && \
    chown 8720:8720 /var/lib/slipway /var/cache/slipway && \
    ln -s /opt/slipway/current/node_modules/node-linux-*/bin/node /bin/node
USER 8720:8720
# What this start compiles, every container finds.
RUN node /opt/slipway/current/server/dist/main.js serve --no-builds --data memory --listen 127.0.0.1:0 >/tmp/ready & server=$!; \
    until grep -q listening /tmp/ready; do kill -0 $server && sleep 0.2 || exit 1; done; \
    kill $server && wait $server && rm /tmp/ready
EXPOSE 8720
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "--disable-sigusr1", "/opt/slipway/current/server/dist/main.js"]
CMD ["serve", "--no-builds", "--data", "memory", "--listen", "0.0.0.0:8720"]

FROM system AS whole
RUN rm -rf /usr/share/man /usr/share/info /usr/share/locale /var/cache/apt /var/lib/apt/lists /var/log/* /var/cache/debconf && \
    find /usr/share/doc -type f ! -name copyright -delete && \
    useradd --system --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin slipway
COPY --from=installed /installed/opt /opt
RUN mkdir -p /usr/local/bin && ln -s /opt/slipway/current/slipway /usr/local/bin/slipway && /opt/slipway/current/slipway version

FROM scratch
COPY --from=whole / /
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    SLIPWAY_DATA=/var/lib/slipway/data \
    SLIPWAY_LISTEN=0.0.0.0:8720
VOLUME /var/lib/slipway
EXPOSE 8720
STOPSIGNAL SIGTERM
ENTRYPOINT ["/opt/slipway/current/slipway"]
CMD ["serve"]
