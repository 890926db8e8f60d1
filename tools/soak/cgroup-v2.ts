import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { needPrograms } from '../../bench/support/programs.ts';
import { findBuilderRoot, NO_BUILDER } from '../../server/src/sandbox/builder/builder-root.ts';
import { runEmulated } from './emulated-machine.ts';

const FIRST_MODULES = ['virtio_pci', '9pnet_virtio', '9p', 'overlay'];
// What cgroup-v2-init.sh prints. The firmware prints escape sequences in front of the first line.
const BEGUN = /kernel \S+, controllers /;
const ENDED_WELL = /^cgroup-v2: ended with 0\r?$/m;

/**
 * Starts Debian's kernel in an emulated machine that has only cgroup v2 and uses this machine's root file system
 * read-only, and runs cgroup-v2-guest.ts in it. Prints the machine's output; throws unless everything passed within
 * `limitMinutes`. Needs Debian on x86-64, root and 5 GiB of memory. Installs the emulator, downloads the kernel, and
 * removes all files except the emulator's.
 */
export async function soakCgroupV2(limitMinutes: number): Promise<void> {
  if (process.arch !== 'x64') throw new Error('the emulated machine is x86-64; run this on x86-64');
  if (process.getuid?.() !== 0)
    throw new Error('cgroup-v2 needs root, because the machine reads all files of this one');
  if (findBuilderRoot() === undefined) throw new Error(NO_BUILDER);
  needPrograms({ 'qemu-system-x86_64': 'qemu-system-x86', busybox: 'busybox-static' });
  const folder = mkdtempSync(join(tmpdir(), 'slipway-cgroup-v2-'));
  try {
    const release = fetchKernel(folder);
    writeInitramfs(folder, release);
    writeFileSync(join(folder, 'disk'), '');
    truncateSync(join(folder, 'disk'), 8 * 2 ** 30);
    const machine = {
      kernel: join(folder, 'kernel/boot', `vmlinuz-${release}`),
      initialFiles: join(folder, 'initramfs.gz'),
      kernelOptions: 'quiet panic=-1',
      memory: '4G',
      devices: [
        ...['-nic', 'none', '-fsdev', 'local,id=root,path=/,security_model=none,readonly=on,multidevs=remap'],
        ...['-device', 'virtio-9p-pci,fsdev=root,mount_tag=host'],
        ...['-drive', `file=${join(folder, 'disk')},format=raw,if=virtio,cache=unsafe`],
      ],
    };
    const said = await runEmulated(machine, BEGUN, limitMinutes * 60_000);
    if (!ENDED_WELL.test(said)) throw new Error('the tests under cgroup v2 did not all pass');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Unpacked, not installed. Returns the kernel's release. */
function fetchKernel(folder: string): string {
  const depends = execFileSync('apt-cache', ['depends', 'linux-image-amd64'], { encoding: 'utf8' });
  const name = /Depends: (\S+)/.exec(depends)?.[1];
  if (name === undefined) throw new Error('apt has no package linux-image-amd64; this is not Debian');
  execFileSync('apt-get', ['-q', '-o', 'APT::Sandbox::User=root', 'download', name], { cwd: folder, stdio: 'ignore' });
  const archive = readdirSync(folder).find((file) => file.endsWith('.deb')) ?? '';
  execFileSync('dpkg-deb', ['-x', archive, 'kernel'], { cwd: folder });
  const [release = ''] = readdirSync(join(folder, 'kernel/lib/modules'));
  execFileSync('busybox', ['depmod', '-b', join(folder, 'kernel'), release]);
  return release;
}

function writeInitramfs(folder: string, release: string): void {
  const root = join(folder, 'initramfs');
  const from = join(folder, 'kernel/lib/modules', release);
  const to = join(root, 'lib/modules', release);
  for (const place of ['bin', 'proc', 'sys', 'dev']) mkdirSync(join(root, place), { recursive: true });
  mkdirSync(to, { recursive: true });
  cpSync(execFileSync('which', ['busybox'], { encoding: 'utf8' }).trim(), join(root, 'bin/busybox'));
  cpSync(join(import.meta.dirname, 'cgroup-v2-init.sh'), join(root, 'init'));
  execFileSync('chmod', ['755', join(root, 'init')]);
  symlinkSync('busybox', join(root, 'bin/sh'));
  const dependencies = readFileSync(join(from, 'modules.dep'), 'utf8');
  writeFileSync(join(to, 'modules.dep'), dependencies);
  for (const line of dependencies.split('\n')) {
    const files = line.replace(':', '').split(' ');
    if (!FIRST_MODULES.some((module) => files[0]?.endsWith(`/${module}.ko`))) continue;
    for (const file of files.filter(Boolean)) {
      mkdirSync(dirname(join(to, file)), { recursive: true });
      cpSync(join(from, file), join(to, file));
    }
  }
  const settings = [join(folder, 'kernel/lib/modules'), process.execPath, resolve(import.meta.dirname, '../..')];
  writeFileSync(join(root, 'settings'), `${settings.join('\n')}\n`);
  execFileSync('sh', ['-c', 'find . | busybox cpio -o -H newc 2>/dev/null | gzip -1 >../initramfs.gz'], { cwd: root });
}
