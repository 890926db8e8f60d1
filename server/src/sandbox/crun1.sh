#!/bin/sh
# crun whose container has one stream: buildah reads stdout and stderr of a RUN from two pipes and copies them side by
# side, which loses their order.
#
# And whose secrets are the real ones: buildah copies what it mounts as a secret into its store, which is on disk, and gives
# the copy the mount's owner and mode. So it is given a file that only names the secret (/in/secrets/ID), and here, where
# the mount is a bind of a copy of that, its source becomes the secret itself, in memory.
isCreate=false bundle='' before=''
for argument; do
  [ "$argument" = create ] && isCreate=true
  [ "$before" = --bundle ] && bundle=$argument
  before=$argument
done
$isCreate || exec /usr/bin/crun "$@"
for copy in "$bundle"/mnt/buildah-bind-target-*; do
  # A name is at most 79 bytes long, "slipway-secret " with it.
  [ -f "$copy" ] && [ "$(stat -c %s "$copy")" -lt 80 ] || continue
  name=$(cat "$copy")
  case $name in
    'slipway-secret '*) id=${name#slipway-secret } ;;
    *) continue ;;
  esac
  case $id in
    */*) continue ;;
  esac
  [ -f "/secrets/$id" ] || continue
  real=/run/secret-$(basename "$bundle")-${copy##*-}
  cat "/secrets/$id" >"$real" && chown "$(stat -c %u:%g "$copy")" "$real" && chmod "$(stat -c %a "$copy")" "$real" &&
    sed -i "s#\"source\":\"$copy\"#\"source\":\"$real\"#" "$bundle/config.json" || exit 1
done
# And whose environment begins with what the operator gives every step, which no image is to keep.
[ ! -s /in/environment.sed ] || sed -i -f /in/environment.sed "$bundle/config.json" || exit 1
exec /usr/bin/crun "$@" 2>&1
