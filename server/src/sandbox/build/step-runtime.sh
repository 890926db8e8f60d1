#!/bin/sh
# The builder starts each step with this script, under the name runc. It runs crun, whose container has one stream for
# stdout and stderr, so that their order is kept. The stream is a pipe that the helper reads: the builder keeps all
# output that it reads of a step in memory until the build ends. The builder sees only a mark that names the pipe and
# that no step knows (step-mark.ts), which tells it which step the pipe belongs to.
#
# No step has a control group of its own, since the box's limits apply to all of them, nor a sysfs, which a box may not
# mount. Its environment begins with what the operator gives every step and no image keeps.

bundle='' root='' before=''
for argument; do
  [ "$before" = --bundle ] && bundle=$argument
  [ "$before" = --root ] && root=$argument
  before=$argument
done
[ -n "$bundle" ] || exec /usr/bin/crun --cgroup-manager=disabled "$@"
sed -i -f /in/step.sed "$bundle/config.json" || exit 1
# A frontend talks with the builder over its stdin and stdout. Only the builder mounts a folder of this name; quotes
# within a text of a Dockerfile have a backslash in this file.
busybox grep -q '"destination":"/run/config/buildkit/metadata","type":"bind","source":"/store/docker/tmp/buildkit-metadata' \
  "$bundle/config.json" && exec /usr/bin/crun --cgroup-manager=disabled "$@"

# The last argument is the container's id, which the builder makes at random.
stream=/run/streams/$argument
read -r mark </in/step-mark && busybox mkfifo -m 0622 "$stream" && busybox mkfifo -m 0600 "$stream.life" "$stream.ack" || exit 1
exec 5<>"$stream.ack"
echo "$mark $argument"
# Each waits until the helper has opened its side.
exec 6>"$stream" 4>"$stream.life"
rm -f "$stream" "$stream.life" "$stream.ack"
/usr/bin/crun --cgroup-manager=disabled "$@" >&6 2>&1 4>&- 5>&- 6>&-
code=$?
exec 6>&-
# Records whether the disk was full, before the builder removes what a failed step wrote. Large writes leave some room.
if [ "$code" != 0 ]; then
  set -- $(stat -f -c '%a %S %d' /store)
  [ $(($1 * $2)) -gt 4194304 ] && [ "$3" -gt 16 ] || : >/run/disk-full
fi
# A killed crun leaves its container running, and looks like a step that was killed.
word=ended
if [ "$code" -gt 128 ] && /usr/bin/crun ${root:+--root "$root"} state "$argument" 2>&1 | grep -q '"status": "running"'; then
  word=lost
  /usr/bin/crun ${root:+--root "$root"} kill "$argument" KILL
fi >/dev/null 2>&1
echo "$word" >&4
exec 4>&-
# The builder reports the end of the step after all of its output was read.
read -r _ <&5
exit "$code"
