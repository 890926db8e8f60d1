ARG REGISTRY=quay.io
ARG OWNER=jupyter
ARG BASE_IMAGE=$REGISTRY/$OWNER/foundation
FROM $BASE_IMAGE
LABEL maintainer="A Project <somebody@example.com>"
# Fix: https://example.com/wiki/DL4006
SHELL ["/bin/sh", "-o", "pipefail", "-c"]
USER root
ENV NB_USER="jovyan" NB_UID="1000"
RUN echo "${NB_USER}:x:${NB_UID}:100::/home/${NB_USER}:/bin/sh" >> /etc/passwd && \
    mkdir -p "/home/${NB_USER}" && chown "${NB_UID}:100" "/home/${NB_USER}" | cat
USER ${NB_UID}
WORKDIR "/home/${NB_USER}/work"
RUN id -u > uid.txt || true
CMD start-notebook.py
# owner home/jovyan/work 1000
# has home/jovyan/work/uid.txt
# config c.Cmd.join(' ') === '/bin/sh -o pipefail -c start-notebook.py' && c.Shell.length === 4
