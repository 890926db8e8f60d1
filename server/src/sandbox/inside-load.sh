#!/bin/sh
# What a base's loader box runs: unpacks the image folder /in/base into /store under the names given.
exec 2>&1
echo build >&3
id=$(buildah pull -q dir:/in/base 3>&-) && buildah tag "$id" "$@" 3>&-
code=$?
echo "built $code" >&3
exit "$code"
