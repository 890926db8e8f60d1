#!/bin/sh
# Runs Docker's daemon of the builder's root as root on this machine, without a sandbox: first process of a mount and a
# pid namespace, which restrict nothing but end with it. It sees the machine's network and /tmp.
#   $1 the builder's root   $2 a folder of its own, with in, out, store and root
set -eu
root=$2/root
mount -o bind,ro "$1" "$root"
mount -t proc proc "$root/proc"
mount --rbind /sys "$root/sys"
# crun refuses a machine with both versions of control groups.
umount "$root/sys/fs/cgroup/unified" 2>/dev/null || true
mount --rbind /dev "$root/dev"
mount -t tmpfs run "$root/run"
mount --bind /tmp "$root/tmp"
for place in in out store; do mount --bind "$2/$place" "$root/$place"; done
exec chroot "$root" /usr/bin/env -i PATH=/in/bin:/usr/bin:/usr/sbin BUILDKIT_STEP_LOG_MAX_SIZE=-1 BUILDKIT_STEP_LOG_MAX_SPEED=-1 \
  dockerd --config-file /in/daemon.json --data-root /store/docker --exec-root /run/docker --pidfile /run/docker.pid \
  -H unix:///run/docker.sock --bridge=none --iptables=false --ip6tables=false --ip-forward=false --ip-masq=false
