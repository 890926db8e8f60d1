#!/bin/sh
# What a build's box runs, from its read-only root. Arguments: those of `buildah bud`. Descriptor 3 takes events; it is
# closed for every other program.
exec 2>&1
[ ! -e /in/forget-layers ] || rm -rf /store/* || exit 1
echo build >&3
containers=/store/overlay-containers/containers.json
if [ -s "$containers" ] && [ "$(cat "$containers")" != '[]' ]; then
  buildah rm -a >/dev/null 3>&- || exit 1
fi
own=/in/own-storage.conf
if [ -e "$own" ]; then
  # Layers past some number can be stacked in one store alone (layering.ts), so the bases come into it. An image that is there
  # already is only named: a tag may have moved.
  buildah images --no-trunc --filter readonly=true --format '{{.ID}} {{.Name}}:{{.Tag}}' >/tmp/bases 3>&- || exit 1
  while read -r id name; do
    id=${id#sha256:}
    if ! CONTAINERS_STORAGE_CONF=$own buildah inspect --type image "$id" >/dev/null 2>&1 3>&-; then
      buildah push -q "$id" dir:/var/tmp/base 3>&- &&
        id=$(CONTAINERS_STORAGE_CONF=$own buildah pull -q dir:/var/tmp/base 3>&-) && rm -rf /var/tmp/base || exit 1
    fi
    CONTAINERS_STORAGE_CONF=$own buildah tag "$id" "$name" 3>&- || exit 1
  done </tmp/bases
  export CONTAINERS_STORAGE_CONF=$own
fi
buildah bud "$@" 3>&-
code=$?
echo "built $code" >&3
[ "$code" = 0 ] || exit "$code"
buildah push -q --compression-format gzip localhost/result dir:/out/img 3>&-
code=$?
echo "exported $code" >&3
exit "$code"
