#!/bin/sh
# Runs a command on a fresh machine: a folder with a system as its root, in its own pid, mount, ipc, uts and control
# group namespaces, with the network of this machine. All its processes end with it.
#   fresh-machine.sh ROOT GROUP COMMAND…    GROUP: the name of its control group, which is left empty for the caller to remove
set -eu

# Prints lines "PLACE TYPE OPTIONS" for the control group hierarchies.
hierarchies() {
  while read -r _ place type options _; do
    case $type in cgroup | cgroup2) echo "$place $type $options" ;; esac
  done </proc/self/mounts
}

join_groups() {
  hierarchies | while read -r place type _; do
    # Controllers that are not enabled by default below the root of version 2.
    [ "$type" = cgroup ] || echo '+cpu +memory +pids' 2>/dev/null >"$place/cgroup.subtree_control" || :
    mkdir -p "$place/$1"
    for file in cpuset.cpus cpuset.mems; do
      [ ! -e "$place/$1/$file" ] || [ "$type" = cgroup2 ] || cat "$place/$file" >"$place/$1/$file"
    done
    echo "$2" >"$place/$1/cgroup.procs"
  done
}

mount_all() {
  mount --bind "$1" "$1"
  mount -t proc proc "$1/proc"
  mount -t sysfs sysfs "$1/sys"
  mount --bind /dev "$1/dev"
  mount -t devpts -o newinstance,ptmxmode=0666,mode=0620,gid=5 devpts "$1/dev/pts"
  mount -t tmpfs -o mode=1777 shm "$1/dev/shm"
  mount -t tmpfs -o mode=0755 run "$1/run"
  table=$(hierarchies)
  case $table in
    '/sys/fs/cgroup cgroup2'*)
      mount -t cgroup2 cgroup "$1/sys/fs/cgroup"
      # A group that has processes cannot pass controllers to the groups below it.
      mkdir -p "$1/sys/fs/cgroup/init"
      echo $$ >"$1/sys/fs/cgroup/init/cgroup.procs"
      ;;
    *)
      mount -t tmpfs cgroup "$1/sys/fs/cgroup"
      echo "$table" | while read -r place type options; do
        mkdir -p "$1$place"
        names=$(echo "$options" | tr , '\n' | grep -vxE 'rw|relatime|nosuid|nodev|noexec' | paste -sd, -)
        mount -t "$type" ${names:+-o "$names"} cgroup "$1$place"
      done
      ;;
  esac
}

if [ "$1" != inside ]; then
  join_groups "$2" $$
  exec unshare --mount --pid --ipc --uts --cgroup --fork --kill-child --propagation private sh "$0" inside "$@"
fi
root=$2
shift 3
hostname fresh
mount_all "$root"
cd "$root"
mkdir -p .before
pivot_root . .before
umount -l .before
rmdir .before
exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 TERM=dumb "$@"
