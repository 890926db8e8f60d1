#!/bin/sh
# crun whose container has one stream: buildah reads stdout and stderr of a RUN from two pipes and copies them side by
# side, which loses their order.
#
# And whose secrets are the real ones: buildah copies what it mounts as a secret into its store, which is on disk, and gives
# the copy the mount's owner and mode. So it is given a file that only names the secret (/in/secrets/ID), and here, where
# the mount is a bind of a copy of that, its source becomes the secret itself, in memory.
verb='' bundle='' before=''
for argument; do
  case $argument in
    create | start | delete) verb=$argument ;;
  esac
  [ "$before" = --bundle ] && bundle=$argument
  before=$argument
done
# And whose output stands between two marks (step-marks.ts). Of start and delete, stderr is the builder's own: start comes
# before the step's first byte, delete when its last one was copied. The marks' value is in the environment of the box's
# processes, not in a file: a step that gets at the box's files, and at its /proc, may not read the environment of a process
# that has more capabilities than the step.
mark=${SLIPWAY_STEP_MARK-}
unset SLIPWAY_STEP_MARK
[ -z "$mark" ] || case $verb in
  start) printf %sb "$mark" >&2 ;;
  delete) printf %se "$mark" >&2 ;;
esac
[ "$verb" = create ] || exec /usr/bin/crun "$@"
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
