#!/bin/sh
# What the builder starts a step with, under the name runc: crun, whose container has one stream. The builder reads stdout and
# stderr of a step from two pipes and copies them side by side, which loses their order.
#
# No step has a control group of its own (the box's limits are those of all of them), nor a sysfs, which a box may not mount. Its
# environment begins with what the operator gives every step, which no image is to keep.
bundle='' before=''
for argument; do
  [ "$before" = --bundle ] && bundle=$argument
  before=$argument
done
[ -n "$bundle" ] || exec /usr/bin/crun --cgroup-manager=disabled "$@"
sed -i -f /in/step.sed "$bundle/config.json" || exit 1
/usr/bin/crun --cgroup-manager=disabled "$@" 2>&1
code=$?
# Whether the disk was full, before the builder takes back what a failed step wrote. Large writes leave some of it.
if [ "$code" != 0 ]; then
  set -- $(stat -f -c '%a %S %d' /store)
  [ $(($1 * $2)) -gt 4194304 ] && [ "$3" -gt 16 ] || : >/run/disk-full
fi
exit "$code"
