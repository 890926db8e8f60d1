#!/bin/busybox sh
# First process of the machine that soak-cgroup-v2.ts starts. The root is the host's, read-only, under a layer in
# memory; tests write to an ext4 disk, because neither that layer nor this kernel's tmpfs can hold a build's overlay.
# /settings has the folder with the kernel's modules, node, and the checkout, one per line.
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
stop() {
  echo "cgroup-v2: $1"
  poweroff -f
}
{ read -r modules && read -r node && read -r checkout; } </settings || stop 'no settings'
for module in virtio_pci 9pnet_virtio 9p overlay; do modprobe $module || stop "no module $module"; done
mkdir -p /host /layer /root
mount -t 9p -o trans=virtio,version=9p2000.L,ro,cache=loose,msize=512000 host /host || stop 'no root'
mount -t tmpfs -o size=90% layer /layer && mkdir /layer/upper /layer/work
mount -t overlay -o lowerdir=/host,upperdir=/layer/upper,workdir=/layer/work root /root || stop 'no layer'
mount -t proc proc /root/proc
mount -t sysfs sys /root/sys
mount -t devtmpfs dev /root/dev
mkdir -p /root/dev/pts /root/dev/shm /root/lib/modules
mount -t devpts pts /root/dev/pts
mount -t tmpfs shm /root/dev/shm
mount -t tmpfs -o mode=0755 run /root/run
mount -t cgroup2 cgroup /root/sys/fs/cgroup || stop 'no cgroup v2'
mount --bind "/host$modules" /root/lib/modules
cp /bin/busybox /root/run/busybox
printf '#!/run/busybox sh\nexec /run/busybox modprobe "$@"\n' >/root/run/modprobe
chmod 755 /root/run/modprobe
echo /run/modprobe >/proc/sys/kernel/modprobe
for module in crc32c_generic virtio_blk tun loop ext4 nf_tables; do chroot /root /run/modprobe $module || stop "no module $module"; done
ip link set lo up
# A disk of the machine, not a file in memory: the kernel counts what a build writes there to the build's own memory.
chroot /root /usr/sbin/mkfs.ext4 -q /dev/vda && mkdir /root/run/disk
chroot /root /bin/mount /dev/vda /run/disk || stop 'no disk'
# Not chroot: the kernel does not let a process in a chroot create user namespaces.
exec switch_root /root /bin/sh -c '
  export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 TMPDIR=/run/disk
  cd "$2" && echo "kernel $(uname -r), controllers $(cat /sys/fs/cgroup/cgroup.controllers)" &&
    "$1" --test --test-reporter=spec tools/soak/cgroup-v2-guest.ts 2>&1
  echo "cgroup-v2: ended with $?"
  exec /run/busybox poweroff -f' sh "$node" "$checkout"
