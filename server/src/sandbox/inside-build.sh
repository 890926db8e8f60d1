#!/bin/sh
# What a build's box runs, from its read-only root. Arguments: those of `buildah bud`. Descriptor 3 takes events; it is
# closed for every other program.
exec 2>&1
echo build >&3
containers=/store/overlay-containers/containers.json
if [ -s "$containers" ] && [ "$(cat "$containers")" != '[]' ]; then
  buildah rm -a >/dev/null 3>&- || exit 1
fi
buildah bud "$@" 3>&-
code=$?
echo "built $code" >&3
[ "$code" = 0 ] || exit "$code"
buildah push -q --compression-format gzip localhost/result dir:/out/img 3>&-
code=$?
echo "exported $code" >&3
exit "$code"
