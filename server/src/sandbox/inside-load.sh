#!/bin/sh
# What a base's loader box runs: unpacks the image folder /in/base into /store under the names given. What its ONBUILD says is
# asked of the builder, which reads it once more when it builds: a reader of our own might understand another thing.
exec 2>&1
echo build >&3
onbuild='{{with .Docker.Config}}{{range .OnBuild}}{{printf "%x" .}}{{"\n"}}{{end}}{{end}}'
id=$(buildah pull -q dir:/in/base 3>&-) && buildah tag "$id" "$@" 3>&- &&
  buildah inspect --type image --format "$onbuild" "$id" >/out/onbuild 3>&-
code=$?
echo "built $code" >&3
exit "$code"
