#!/bin/sh
# The first process of a sandbox: pid 1 of a pid and a mount namespace that hold everything the sandbox needs on the
# host's side. When it ends, the kernel ends everything in them, so no mount, loop device, network namespace or process
# can be left over.
#
# The working folder is root's own folder. All paths are relative to it, so that nobody can exchange a part of them.
# Descriptor 4 brings what the box builds with, possibly long after the start. Each line is `input NAME PATH`,
# `base PATH` or `secret ID BASE64`, and the last one `go`. Secrets stay in memory.
# Descriptor 3 takes one event a line. The box's own output goes to descriptor 1, errors of the set-up to setup.log.
#   $1 run folder   $2 rootfs   $3 the disk, an ext4 image   $4 world|none
# From the environment: BOX_ID, the host id of the box's root; DISK_ID, its id on disks; BOX_MAP and DISK_MAP, the whole
# maps; BESIDE_GROUPS, groups under the box's limits.
set -u
exec 2>"$1/setup.log"
run=$1 rootfs=$2 disk=$3 network=$4
place=/run/slipway
unconfined=${0%/*}/unconfined.sh

say() { echo "$1" >&3; }
fail() { say "failed $1"; exit 1; }
# Called in a subshell: from here on, what it uses is charged to the build.
enter_limits() {
  for group in $BESIDE_GROUPS; do echo 0 >"$group/cgroup.procs" || fail "control group"; done
}

mount -t tmpfs -o mode=0711,nosuid,nodev,size=16m box "$place" || fail "private tmpfs"
# The box sees the secrets, but may not write beside them: boxinit does, as root.
mkdir -m 0711 "$place/rootfs" "$place/disk" "$place/bases" "$place/in" "$place/secrets" "$place/state" "$place/streams" ||
  fail "private folders"
# The named pipes of the steps. The helper reads them from outside.
mount -t tmpfs -o "mode=0700,uid=$BOX_ID,gid=$BOX_ID,nosuid,nodev,noexec,size=1m,nr_inodes=8k" streams "$place/streams" ||
  fail "private folders"
# Without this, the box would keep the spaces of other builds mounted for as long as it lives (work-space.ts). Spaces that
# match the pattern stay.
unmount_spaces() {
  for mounted in $(sed -n 's|^[^ ]* \(/run/slipway-work/[^ ]*\) .*|\1|p' /proc/self/mounts); do
    case $mounted in $1) ;; *) umount -c -l "$mounted" ;; esac
  done
}
unmount_spaces "*/${run##*/}/*"

if [ "$network" = world ]; then
  mkfifo "$place/ready" && : >"$place/netns" || fail "network namespace"
  sh "$unconfined" unshare --net="$place/netns" sh -c '
    echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6 2>/dev/null
    echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6 2>/dev/null
    echo 0 >/proc/sys/net/ipv4/ip_unprivileged_port_start && ip link set lo up && nft -f "$1"' - "$run/rules.nft" ||
    fail "packet filter"
  # slirp is started before the disk is mounted, because it keeps a copy of the mounts that it finds. It works for the
  # box, so the box's limits apply to it; the box cannot see it.
  {
    enter_limits
    slirp4netns --configure --mtu=65520 --disable-host-loopback --enable-sandbox --enable-seccomp --netns-type=path \
      --ready-fd=8 "$place/netns" tap0 8>"$place/ready" >/dev/null 2>&1 3>&- 4<&- </dev/null
    say network-died
    kill -KILL -1
  } &
else
  : >"$place/netns" && sh "$unconfined" unshare --net="$place/netns" ip link set lo up || fail "network namespace"
fi

mount -c -o bind,ro,nosuid,nodev "$rootfs" "$place/rootfs" || fail "rootfs mount"
# No setuid program of the rootfs is needed, so nosuid above is safe; RUN steps run in the disk's own overlay. Each disk
# is mounted unshifted below raw, and once more for the box with its owners shifted to the box's ids. Nothing waits for the
# machine's disk (written-store.ts).
raw=$place/raw
mkdir -m 0700 "$raw" "$raw/disk" && mount -c -o loop,nosuid,nodev,noinit_itable,nobarrier "$disk" "$raw/disk" || fail "store mount"
(
  enter_limits
  cd "$raw/disk" && rm -rf out tmp && mkdir -p store out tmp && chown -h "$DISK_ID:$DISK_ID" . store out tmp && chmod 1777 tmp
) || fail "store folders"
# What is mounted below these two later appears in the box too. What the box mounts never appears here.
mount -c -o bind,ro,nosuid,nodev "$run/in" "$place/in" && mount --make-shared "$place/in" && rm -f "$run/in/go" &&
  mkfifo -m 0644 "$run/in/go" || fail "input mount"
mount -c --bind "$place/bases" "$place/bases" && mount --make-shared "$place/bases" || fail "base mount"
: >"$place/userns" && : >"$place/no-network" &&
  perl "${0%/*}/idmap.pl" "$BOX_ID" "$place/userns" "$place/no-network" "$BOX_MAP" "$DISK_MAP" "$raw/disk" "$place/disk" rw ||
  fail "user namespace"
# The namespace of steps with `--network=none`: nobody in the box may bring up a loopback, so it is done here.
nsenter --net="$place/no-network" ip link set lo up || fail "network namespace"

if [ "$network" = world ]; then
  # Reads one byte, with no line end; slirp keeps its side open.
  [ "$(head -c 1 "$place/ready")" = 1 ] || fail "slirp4netns did not become ready"
fi

# The box may be hostile already, so all targets are in folders that only root can change.
take_contents() {
  count=0
  while read -r word name value; do
    case $word in
      input) mount -c -o bind,ro,nosuid,nodev "$value" "$place/in/$name" || fail "input mount" ;;
      base)
        mkdir "$place/bases/$count" &&
          mount -c -o bind,ro,nosuid,nodev,noexec "$name" "$place/bases/$count" || fail "base mount"
        count=$((count + 1))
        ;;
      secret)
        (umask 0377 && echo "$value" | base64 -d >"$place/secrets/$name") && chown "$BOX_ID:$BOX_ID" "$place/secrets/$name" ||
          fail "secrets"
        ;;
      go)
        unmount_spaces ''
        echo >"$run/in/go"
        ;;
    esac
  done
}
{ (take_contents) <&4 || kill -KILL -1; } &
exec 4<&-

say start
# Entered only here: runc joins the user namespace first, and from there it may not enter a network namespace of the
# host.
setpriv --pdeathsig KILL -- nsenter --net="$place/netns" -- runc --root "$place/state" --log "$run/runc.log" run --keep --preserve-fds 1 --bundle "$run" box </dev/null 2>&1 &
runc=$!
wait "$runc"
code=$?
say "exit $code"
# The refused connections explain a failure. Without them the result is just as good.
[ "$network" = none ] || nsenter --net="$place/netns" nft -n -j list set inet slipway refused >"$run/refused.json"

# Returns the space of what the builder removed to the machine's disk, and makes it unreadable. Where the disk cannot
# discard, the store just takes more space.
(enter_limits && sync -f "$raw/disk" && fstrim "$raw/disk")

# The box is dead, so its output can be checked without a race: an index and blobs, all regular files.
copy_out() {
  out=$raw/disk/out/$1
  { [ -d "$out" ] && [ ! -L "$out" ] && [ -d "$out/blobs" ] && [ ! -L "$out/blobs" ] &&
    [ -d "$out/blobs/sha256" ] && [ ! -L "$out/blobs/sha256" ]; } || return 1
  mkdir -p "$run/out/$1" || fail "result folder"
  for file in "$out/index.json" "$out/blobs/sha256"/*; do
    [ -f "$file" ] && [ ! -L "$file" ] || fail "result holds something other than files"
  done
  (enter_limits && cp -P -- "$out/index.json" "$out/blobs/sha256"/* "$run/out/$1/") || fail "copy of the result"
}
if [ "$code" = 0 ] && copy_out img; then
  # A missing cache does not harm the image.
  copy_out cache
  say copied
fi
exit "$code"
