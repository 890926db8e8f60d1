import { execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { needPrograms } from '../../bench/support/programs.ts';
import { baseSystem } from '../../test/hosts/base-system.ts';
import { copyNetworkSettings } from '../../test/hosts/network-settings.ts';
import { runEmulated } from './emulated-machine.ts';

const SYSTEM_PACKAGES = ['linux-image-amd64', 'systemd-sysv', 'udev', 'dbus'];
const DISK_BYTES = 40 * 2 ** 30;
const BEGUN = /debian-13: begun/;
const ENDED_WELL = /^debian-13: ended with 0\r?$/m;

const NETWORK = `[Match]
Name=en* eth*

[Network]
DHCP=ipv4

[DHCPv4]
UseDNS=no
`;

const UNIT = `[Unit]
Description=The commands of the README
After=network-online.target
Wants=network-online.target

[Service]
Type=oneshot
ExecStart=/bin/bash /srv/commands
ExecStopPost=/bin/systemctl poweroff
StandardOutput=journal+console
StandardError=journal+console
Environment=HOME=/root

[Install]
WantedBy=multi-user.target
`;

/** What a fresh machine downloads and unpacks. It depends on no kernel, so it is done before the machine boots. */
const SET_UP = `cd /root && git clone --quiet /srv/source slipway && cd slipway &&
  ./slipway version && ./slipway builder update && ./slipway test test/architecture.test.ts >/dev/null`;

/** `TIMEFORMAT` makes `time` print whole seconds. */
const COMMANDS = `cd /root/slipway
echo "debian-13: begun on kernel $(uname -r), controllers $(cat /sys/fs/cgroup/cgroup.controllers)"
TIMEFORMAT='debian-13: %0R s'
time ./slipway build examples/hello && time ./slipway build examples/hello && time ./slipway doctor && time ./slipway test PLACES
echo "debian-13: ended with $?"
`;

/**
 * Sets up Slipway on Debian 13, boots that with systemd and cgroup v2 in an emulated machine, and runs both commands of
 * the README there, the second one on `places` (everything by default). The set-up on fresh machines is what
 * `./slipway test --hosts` tests; here, it would take an hour. Prints the machine's output, with the time of each
 * command; throws unless both succeeded within `limitMinutes`. Needs Debian on x86-64, root, 6 GiB of memory and 12 GiB
 * of disk. Installs the emulator, and removes all files except the emulator's and debootstrap's.
 */
export async function soakDebian13(limitMinutes: number, places: readonly string[] = []): Promise<void> {
  if (process.arch !== 'x64') throw new Error('the emulated machine is x86-64; run this on x86-64');
  if (process.getuid?.() !== 0) throw new Error('debian-13 needs root, because it makes the file system of a machine');
  needPrograms({ 'qemu-system-x86_64': 'qemu-system-x86', debootstrap: 'debootstrap', 'mkfs.ext4': 'e2fsprogs' });
  const base = await baseSystem('trixie');
  const folder = mkdtempSync('/var/tmp/slipway-debian-13-');
  try {
    const root = join(folder, 'root');
    execFileSync('cp', ['-a', base, root]);
    installSystem(root);
    addCommands(root, places);
    setUp(root);
    const disk = join(folder, 'disk');
    writeFileSync(disk, '');
    truncateSync(disk, DISK_BYTES);
    execFileSync('mkfs.ext4', ['-q', '-d', root, disk], { stdio: 'inherit' });
    const [kernel = ''] = globSync(join(root, 'boot/vmlinuz-*'));
    const [initialFiles = ''] = globSync(join(root, 'boot/initrd.img-*'));
    const devices = [
      ...['-drive', `file=${disk},format=raw,if=virtio,cache=unsafe`],
      ...['-nic', 'user,model=virtio-net-pci', '-device', 'virtio-rng-pci'],
    ];
    const machine = { kernel, initialFiles, kernelOptions: 'root=/dev/vda rw quiet panic=-1', memory: '5G', devices };
    const said = await runEmulated(machine, BEGUN, limitMinutes * 60_000);
    if (!ENDED_WELL.test(said)) throw new Error('the commands of the README did not both succeed on Debian 13');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Makes the minimal system one that boots. The kernel's package makes the initial files; nothing is started. */
function installSystem(root: string): void {
  copyNetworkSettings(root, ['root']);
  const inRoot = (command: string) =>
    execFileSync('chroot', [root, 'sh', '-c', `export DEBIAN_FRONTEND=noninteractive; ${command}`], { stdio: 'pipe' });
  writeFileSync(join(root, 'usr/sbin/policy-rc.d'), '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  inRoot(`apt-get update -qq && apt-get install -y -qq --no-install-recommends ${SYSTEM_PACKAGES.join(' ')}`);
  rmSync(join(root, 'usr/sbin/policy-rc.d'));
  writeFileSync(join(root, 'etc/systemd/network/wired.network'), NETWORK);
  inRoot(
    'systemctl enable systemd-networkd systemd-networkd-wait-online && systemctl mask serial-getty@ttyS0 && echo fresh >/etc/hostname',
  );
}

function addCommands(root: string, places: readonly string[]): void {
  const checkout = join(import.meta.dirname, '..', '..');
  execFileSync('git', ['clone', '--quiet', '--bare', checkout, join(root, 'srv/source')]);
  execFileSync('chroot', [root, 'chown', '-R', 'root:', '/srv/source']);
  writeFileSync(join(root, 'srv/commands'), COMMANDS.replace('PLACES', places.join(' ')));
  writeFileSync(join(root, 'etc/systemd/system/readme.service'), UNIT);
  execFileSync('chroot', [root, 'systemctl', 'enable', 'readme.service'], { stdio: 'pipe' });
}

/** Runs the set-up with this machine's kernel, in mounts and processes of its own. */
function setUp(root: string): void {
  const script = `mount -t proc proc "$1/proc" && mount --rbind /dev "$1/dev" && mount -t sysfs sys "$1/sys" &&
    exec chroot "$1" bash -c "$2"`;
  const apart = ['--mount', '--pid', '--fork', '--kill-child'];
  const home = { HOME: '/root', PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' };
  const env = { ...home, LANG: 'C.UTF-8' };
  execFileSync('unshare', [...apart, 'sh', '-c', script, 'sh', root, SET_UP], { stdio: 'inherit', env });
}
