#!/bin/sh
# What the builder starts a step with, under the name runc: crun, whose container has one stream. The builder reads stdout and
# stderr of a step from two pipes and copies them side by side, which loses their order.
#
# No step has a control group of its own (the box's limits are those of all of them), nor a sysfs, which a box may not mount. Its
# environment begins with what the operator gives every step, which no image is to keep.

# Sets $written to the bytes that a process has written, itself or by children that have ended; fails when it is gone.
read_written() {
  while read -r name written; do
    [ "$name" != wchar: ] || return 0
  done <"/proc/$1/io"
}

# The bytes that all steps have passed on, as the client tells them: base64.
passed() {
  sum=0
  for file in /run/passed/*; do
    read -r bytes <"$file" && sum=$((sum + bytes / 3 * 4))
  done
  echo "$sum"
}

# Waits while the client is more than 4 MiB behind. What it tells besides is no credit for later. Where nothing moves for five
# seconds it waits no longer: the builder does not tell the last of what a step printed that was cancelled.
wait_for_client() {
  waits=0 last=''
  while read_written "$client" && read -r base </run/passed-base && [ "$waits" -lt 250 ]; do
    behind=$(($(passed) - written + base))
    [ "$behind" -ge 0 ] || echo "$((base - behind))" >/run/passed-base
    [ "$behind" -gt 4194304 ] || return 0
    [ "$written" = "$last" ] && waits=$((waits + 1)) || waits=0
    last=$written
    sleep 0.02
  done
}

# Hands a step's output on, no faster than the client tells of it: what is not told yet the builder keeps in memory, without a limit.
pass_on() {
  read -r client </run/client.pid
  mkdir -p /run/passed
  [ -e /run/passed-base ] || { read_written "$client" && echo "$written" >/run/passed-base; }
  while busybox dd bs=64k count=16 2>"/run/records.$$"; do
    read -r records _ <"/run/records.$$"
    [ "$records" != 0+0 ] || break
    read_written self && echo "$written" >"/run/passed/$$"
    wait_for_client
  done
  # Whatever went wrong above, nothing is lost.
  exec cat
}

bundle='' before=''
for argument; do
  [ "$before" = --bundle ] && bundle=$argument
  before=$argument
done
[ -n "$bundle" ] || exec /usr/bin/crun --cgroup-manager=disabled "$@"
sed -i -f /in/step.sed "$bundle/config.json" || exit 1
{
  /usr/bin/crun --cgroup-manager=disabled "$@" 2>&1
  echo "$?" >"/run/code.$$"
} | pass_on
read -r code <"/run/code.$$"
rm -f "/run/code.$$" "/run/records.$$"
# Whether the disk was full, before the builder takes back what a failed step wrote. Large writes leave some of it.
if [ "$code" != 0 ]; then
  set -- $(stat -f -c '%a %S %d' /store)
  [ $(($1 * $2)) -gt 4194304 ] && [ "$3" -gt 16 ] || : >/run/disk-full
fi
exit "$code"
