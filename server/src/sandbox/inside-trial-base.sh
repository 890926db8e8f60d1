#!/bin/sh
# What a trial's first box runs: makes a base image, and unpacks it from an image folder under the name $1, as a base's loader
# box does. The other arguments: those of `buildah bud`.
exec 2>&1
name=$1
shift
buildah bud "$@" 3>&- && buildah push -q localhost/result dir:/var/tmp/base 3>&- && buildah rmi -a -f >/dev/null 3>&- &&
  id=$(buildah pull -q dir:/var/tmp/base 3>&-) && buildah tag "$id" "$name" 3>&- && : >/out/onbuild
code=$?
echo "built $code" >&3
exit "$code"
