import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { resolverAddress } from './egress-rules.ts';

const run = promisify(execFile);

const programs = ['/usr/bin/buildah', '/usr/bin/crun'];
/** The one that boxes have, and of which a trial makes its image. */
export const busybox = '/bin/busybox';
const ownScripts = {
  'inside-build.sh': '/usr/lib/slipway/inside-build',
  'inside-load.sh': '/usr/lib/slipway/inside-load',
  'inside-trial-base.sh': '/usr/lib/slipway/inside-trial-base',
  'crun1.sh': '/usr/bin/crun1',
  // buildah from 1.31 on does not start without this program, though no box ever has a network for it to make.
  'no-network.sh': '/usr/lib/slipway/netavark',
};
const applets = 'sh cat rm mkdir ls id true false basename chmod chown sed stat'.split(' ');
const mountPoints =
  '/proc /dev /sys/fs/cgroup /run /tmp /var/tmp /var/cache /store /out /in /bases /secrets /root'.split(' ');
const copies = ['/usr/share/containers/seccomp.json', '/etc/ssl/certs/ca-certificates.crt'];
// What a step may do must not depend on the host's version of buildah, whose own list grew shorter.
const stepCapabilities =
  'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE NET_RAW SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(
    ' ',
  );
const texts: Record<string, string> = {
  '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\n',
  '/etc/group': 'root:x:0:\n',
  '/etc/hosts': '127.0.0.1 localhost\n',
  '/etc/nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files dns\n',
  '/etc/resolv.conf': `nameserver ${resolverAddress}\n`,
  '/etc/containers/policy.json': '{"default":[{"type":"insecureAcceptAnything"}]}\n',
  '/etc/containers/containers.conf': containersConf(),
  '/etc/containers/registries.conf': 'unqualified-search-registries = ["docker.io"]\nshort-name-mode = "disabled"\n',
};

/**
 * The boxes' read-only root, made once per version of the tools: the folder `rootfs-HASH` in the working folder. Made under a
 * temporary name and renamed, so that it is there whole or not at all. Throws with the program that is missing.
 */
export async function makeRootfs(): Promise<string> {
  const sources = [...programs, busybox];
  for (const source of sources) if (!existsSync(source)) throw new Error(`${source} is not installed`);
  const libraries = await listLibraries(programs);
  const folder = `rootfs-${fingerprint([...sources, ...libraries, ...copies])}`;
  if (existsSync(folder)) return folder;
  const made = `${folder}.${process.pid}.tmp`;
  rmSync(made, { recursive: true, force: true });
  fill(made, libraries);
  await run('sync', ['-f', made]);
  for (const old of readdirSync('.')) {
    if (old.startsWith('rootfs-') && old !== made) rmSync(old, { recursive: true, force: true });
  }
  renameSync(made, folder);
  return folder;
}

function fill(folder: string, libraries: string[]): void {
  const put = (source: string, target: string, mode: number): void => {
    const path = join(folder, target);
    mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
    copyFileSync(source, path);
    chmodSync(path, mode);
  };
  for (const point of mountPoints) mkdirSync(join(folder, point), { recursive: true, mode: 0o755 });
  for (const source of [...programs, busybox]) put(source, source, 0o755);
  for (const source of libraries) put(source, source, 0o755);
  for (const [script, target] of Object.entries(ownScripts)) put(join(import.meta.dirname, script), target, 0o755);
  for (const source of copies) if (existsSync(source)) put(source, source, 0o644);
  for (const applet of applets) symlinkSync('busybox', join(folder, 'bin', applet));
  for (const [path, text] of Object.entries(texts)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true, mode: 0o755 });
    writeFileSync(join(folder, path), text, { mode: 0o644 });
  }
}

/** All that versions of buildah decide differently, or would take from the packages of the host. */
function containersConf(): string {
  return `[containers]
default_capabilities = [${stepCapabilities.map((name) => `"CAP_${name}"`).join(', ')}]
default_sysctls = []
[network]
network_backend = "netavark"
[engine]
helper_binaries_dir = ["/usr/lib/slipway"]
`;
}

/** The libraries that the programs load, by the path under which the loader looks for them. */
async function listLibraries(of: string[]): Promise<string[]> {
  const { stdout } = await run('ldd', of);
  const paths = stdout.split('\n').flatMap((line) => /(?:=> |^\s+)(\/\S+) \(0x/.exec(line)?.[1] ?? []);
  return [...new Set(paths)].sort();
}

function fingerprint(sources: string[]): string {
  const hash = createHash('sha256')
    .update('1\n')
    .update(JSON.stringify([texts, mountPoints, applets]));
  for (const source of sources.filter((path) => existsSync(path))) {
    const { size, mtimeMs } = statSync(realpathSync(source));
    hash.update(`${source} ${size} ${mtimeMs}\n`);
  }
  for (const script of Object.keys(ownScripts)) hash.update(readFileSync(join(import.meta.dirname, script)));
  return hash.digest('hex').slice(0, 16);
}
