import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { RESOLVER_ADDRESS } from '../box/egress-rules.ts';
import { authoritiesOf } from './authorities.ts';
import { BUILDER_FOLDER, type BuilderRoot, findBuilderRoot, ROOT_KIND, readBuilderRoot } from './builder-root.ts';
import { makeCurrent, publishFolder } from './current-folder.ts';
import {
  download,
  openApt,
  type PackageSource,
  planInstall,
  unpackPackages,
  withWorkFolder,
} from './debian-packages.ts';
import { findEmulators } from './emulators.ts';
import { installImported } from './make-emulators.ts';
import { checkVersions } from './needed-versions.ts';

const run = promisify(execFile);

/** Increase it when the same packages make a different root. */
const RECIPE = 1;

/** BuildKit is a part of Docker's daemon; crun starts the steps. The rest is what ADD in a Dockerfile needs. */
const WANTED = ['docker.io', 'docker-buildx', 'containerd', 'crun', 'busybox', 'ca-certificates', 'git', 'xz-utils'];
/** Dependencies that an installed system needs, but not a root that only builds. */
const unneeded = new Set(
  (
    'runc systemd libsystemd-shared sysvinit-utils debconf openssl openssl-provider-legacy libc-gconv-modules-extra git-man ' +
    'iptables netbase tini-static libip4tc2 libip6tc2 libxtables12 libnetfilter-conntrack3 libnfnetlink0 libnftnl11 libmnl0'
  ).split(' '),
);
const isUnneeded = (name: string) => unneeded.has(name) || name.includes('perl');

const UNPACKED_WITHOUT = ['doc', 'man', 'locale', 'info', 'lintian', 'bash-completion', 'zsh', 'fish'];
const UNNEEDED_PROGRAMS = [
  'bin/ctr',
  'bin/containerd-shim-runc-v2',
  'sbin/docker-proxy',
  'bin/scalar',
  'bin/git-shell',
];

const applets =
  'sh cat rm mkdir ls id true false basename chmod chown cut env find grep head kill ln mount mv ps sed sleep stat tail touch tr umount uname wc'.split(
    ' ',
  );
const mountPoints =
  '/proc /dev /sys/fs/cgroup /run /tmp /var/tmp /var/cache /store /out /in /bases /secrets /root /opt'.split(' ');
const TEXTS: Record<string, string> = {
  '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\n',
  '/etc/group': 'root:x:0:\n',
  '/etc/hosts': '127.0.0.1 localhost\n',
  '/etc/nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files dns\n',
  '/etc/resolv.conf': `nameserver ${RESOLVER_ADDRESS}\n`,
  '/etc/os-release': 'NAME=Slipway\nID=slipway\nVERSION_ID=1\n',
};

/**
 * Makes the builder's root from packages of a Debian suite, and makes it the current one. apt downloads them with a
 * state of its own and checks Debian's signature. They are unpacked, not installed: none of their scripts runs, and the
 * machine's distribution does not matter. The same packages make no second root. Returns its folder; throws with apt's
 * errors.
 */
export async function makeBuilderRoot({ suite, archive, say }: PackageSource): Promise<string> {
  return withWorkFolder(async (work) => {
    const apt = await openApt(work, { suite, archive, say });
    const packages = (await planInstall(apt, WANTED))
      .filter(({ name }) => !isUnneeded(name))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const madeAt = new Date().toISOString();
    const root: BuilderRoot = { suite, architecture: process.arch, packages, madeAt, archive };
    checkVersions(root);
    const folder = folderOf(root);
    if (existsSync(folder)) return makeCurrent(folder, ROOT_KIND);
    say(`fetching ${packages.length} packages`);
    await download(work, apt, packages);
    say('unpacking them');
    await fill(join(work, 'root'), join(work, 'archives'));
    writeFileSync(join(work, 'root', 'builder.json'), `${JSON.stringify(root, null, 2)}\n`, { mode: 0o644 });
    return place(join(work, 'root'));
  });
}

/** Writes the current root, and the emulators if there are any, to a file that `importBuilderRoot` reads on another machine. */
export async function exportBuilderRoot(file: string): Promise<void> {
  const root = findBuilderRoot();
  if (root === undefined) throw new Error('there is no builder on this machine');
  const emulators = findEmulators();
  const beside = emulators === undefined ? [] : ['-C', dirname(emulators), `./${basename(emulators)}`];
  await run('tar', ['-C', root, '--numeric-owner', '--sort=name', '-czf', file, '.', ...beside]);
}

/** Makes the root in a file that `exportBuilderRoot` wrote the current one; returns its folder. */
export async function importBuilderRoot(file: string): Promise<string> {
  return withWorkFolder(async (work) => {
    mkdirSync(join(work, 'root'), { mode: 0o755 });
    await run('tar', ['-C', join(work, 'root'), '--numeric-owner', '-x', '-p', '-f', file]);
    await installImported(join(work, 'root'));
    return place(join(work, 'root'));
  });
}

function place(made: string): Promise<string> {
  const root = readBuilderRoot(made);
  if (root.architecture !== process.arch)
    throw new Error(`it was made for ${root.architecture}, and this machine is ${process.arch}`);
  checkVersions(root);
  return publishFolder(made, folderOf(root), ROOT_KIND);
}

function folderOf(root: BuilderRoot): string {
  return join(BUILDER_FOLDER, keyOf(root));
}

function keyOf({ suite, architecture, packages }: BuilderRoot): string {
  const names = packages.map(({ name, version }) => `${name}=${version}`);
  const hash = createHash('sha256').update(JSON.stringify([RECIPE, architecture, TEXTS, mountPoints, applets, names]));
  return `${suite}-${hash.digest('hex').slice(0, 16)}`;
}

async function fill(root: string, archives: string): Promise<void> {
  await unpackPackages(archives, root, UNPACKED_WITHOUT);
  for (const program of UNNEEDED_PROGRAMS) rmSync(join(root, 'usr', program), { force: true });
  for (const point of mountPoints) mkdirSync(join(root, point), { recursive: true, mode: 0o755 });
  for (const applet of applets) {
    const path = join(root, 'usr/bin', applet);
    if (!existsSync(path)) symlinkSync('busybox', path);
  }
  for (const [path, text] of Object.entries({ ...TEXTS, '/etc/ssl/certs/ca-certificates.crt': authoritiesOf(root) })) {
    mkdirSync(dirname(join(root, path)), { recursive: true, mode: 0o755 });
    writeFileSync(join(root, path), text, { mode: 0o644 });
  }
}
