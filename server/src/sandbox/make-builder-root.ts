import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import {
  type BuilderPackage,
  type BuilderRoot,
  builderFolder,
  findBuilderRoot,
  readBuilderRoot,
} from './builder-root.ts';
import { resolverAddress } from './egress-rules.ts';

const run = promisify(execFile);

/** Counts up when the same packages make another root. */
const recipe = 1;

/** BuildKit is a part of Docker's daemon; what starts steps is crun. The rest is what a Dockerfile's ADD needs. */
const wanted = ['docker.io', 'docker-buildx', 'containerd', 'crun', 'busybox', 'ca-certificates', 'git', 'xz-utils'];
/** What these depend on as an installed system, and a root that only builds does without. */
const unneeded = new Set(
  (
    'runc systemd libsystemd-shared sysvinit-utils debconf openssl openssl-provider-legacy libc-gconv-modules-extra git-man ' +
    'iptables netbase tini-static libip4tc2 libip6tc2 libxtables12 libnetfilter-conntrack3 libnfnetlink0 libnftnl11 libmnl0'
  ).split(' '),
);
const isUnneeded = (name: string) => unneeded.has(name) || name.includes('perl');

const unpackedWithout = ['doc', 'man', 'locale', 'info', 'lintian', 'bash-completion', 'zsh', 'fish'].map(
  (name) => `--exclude=./usr/share/${name}`,
);
const unneededPrograms = ['bin/ctr', 'bin/containerd-shim-runc-v2', 'sbin/docker-proxy', 'bin/scalar', 'bin/git-shell'];

const applets =
  'sh cat rm mkdir ls id true false basename chmod chown cut env find grep head kill ln mount mv ps sed sleep stat tail touch tr umount uname wc'.split(
    ' ',
  );
const mountPoints =
  '/proc /dev /sys/fs/cgroup /run /tmp /var/tmp /var/cache /store /out /in /bases /secrets /root /opt'.split(' ');
const texts: Record<string, string> = {
  '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\n',
  '/etc/group': 'root:x:0:\n',
  '/etc/hosts': '127.0.0.1 localhost\n',
  '/etc/nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files dns\n',
  '/etc/resolv.conf': `nameserver ${resolverAddress}\n`,
  '/etc/os-release': 'NAME=Slipway\nID=slipway\nVERSION_ID=1\n',
};

/** How to make a builder's root. */
export type MakeOptions = {
  suite: string;
  /** The address of Debian's archive; undefined for the one that this machine takes its own packages from. */
  archive?: string | undefined;
  say: (line: string) => void;
};

/**
 * Makes the builder's root from packages of a suite of Debian, and makes it the current one. apt fetches them with a state
 * of its own and checks Debian's signature; they are unpacked, not installed: no script of theirs runs, and the machine's own
 * distribution does not matter. The same packages make no second root. Gives its folder; throws with apt's words.
 */
export async function makeBuilderRoot({ suite, archive, say }: MakeOptions): Promise<string> {
  return withWorkFolder(async (work) => {
    const apt = await openApt(work, suite, archive ?? (await ownArchive()));
    say(`reading the packages of Debian ${suite}`);
    await readLists(apt, say);
    const packages = await choose(apt);
    const root: BuilderRoot = { suite, architecture: process.arch, packages, madeAt: new Date().toISOString() };
    const folder = folderOf(root);
    if (existsSync(folder)) {
      makeCurrent(folder);
      return folder;
    }
    say(`fetching ${packages.length} packages`);
    await download(work, apt, packages);
    say('unpacking them');
    await fill(join(work, 'root'), join(work, 'archives'));
    writeFileSync(join(work, 'root', 'builder.json'), `${JSON.stringify(root, null, 2)}\n`, { mode: 0o644 });
    return place(join(work, 'root'));
  });
}

/** Writes the current root to a file that `importBuilderRoot` reads on another machine. */
export async function exportBuilderRoot(file: string): Promise<void> {
  const root = findBuilderRoot();
  if (root === undefined) throw new Error('there is no builder on this machine');
  await run('tar', ['-C', root, '--numeric-owner', '--sort=name', '-czf', file, '.']);
}

/** Makes the root in a file that `exportBuilderRoot` wrote the current one; gives its folder. */
export async function importBuilderRoot(file: string): Promise<string> {
  return withWorkFolder(async (work) => {
    mkdirSync(join(work, 'root'), { mode: 0o755 });
    await run('tar', ['-C', join(work, 'root'), '--numeric-owner', '-x', '-p', '-f', file]);
    return place(join(work, 'root'));
  });
}

async function withWorkFolder<T>(act: (work: string) => Promise<T>): Promise<T> {
  mkdirSync(builderFolder, { recursive: true, mode: 0o755 });
  const work = mkdtempSync(join(builderFolder, 'making-'));
  try {
    return await act(work);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Its name says that it is whole, so its files must be on the disk before it has one. */
async function place(made: string): Promise<string> {
  const root = readBuilderRoot(made);
  if (root.architecture !== process.arch)
    throw new Error(`it was made for ${root.architecture}, and this machine is ${process.arch}`);
  await run('sync', ['-f', made]);
  const folder = folderOf(root);
  if (!existsSync(folder)) renameSync(made, folder);
  makeCurrent(folder);
  return folder;
}

function folderOf(root: BuilderRoot): string {
  return join(builderFolder, keyOf(root));
}

/** Runs `apt-get` with a state of its own; gives what it prints, throws with its words. */
type Apt = (...args: string[]) => Promise<string>;

/** apt with an own, empty state in the folder `work`, for a suite of an archive of Debian. */
export async function openApt(work: string, suite: string, archive: string): Promise<Apt> {
  for (const folder of ['lists/partial', 'archives/partial']) mkdirSync(join(work, folder), { recursive: true });
  const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
  if (!existsSync(keyring)) throw new Error(`${keyring} is not there: install the package debian-archive-keyring`);
  writeFileSync(join(work, 'sources.list'), `deb [signed-by=${keyring}] ${archive} ${suite} main\n`);
  writeFileSync(join(work, 'status'), '');
  const settings = {
    'Dir::State': work,
    'Dir::State::lists': join(work, 'lists'),
    'Dir::State::status': join(work, 'status'),
    'Dir::Cache': work,
    'Dir::Cache::archives': join(work, 'archives'),
    'Dir::Etc::sourcelist': join(work, 'sources.list'),
    'Dir::Etc::sourceparts': '/dev/null',
    'Dir::Etc::preferences': '/dev/null',
    'Dir::Etc::preferencesparts': '/dev/null',
    'APT::Install-Recommends': 'false',
    'APT::Sandbox::User': 'root',
    'Acquire::Languages': 'none',
    'Acquire::IndexTargets::deb::DEP-11::DefaultEnabled': 'false',
    'Acquire::IndexTargets::deb::DEP-11-icons-small::DefaultEnabled': 'false',
    'Acquire::IndexTargets::deb::DEP-11-icons::DefaultEnabled': 'false',
    'Acquire::Retries': '3',
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  return async (...args) => {
    try {
      const { stdout } = await run('apt-get', [...options, ...args], { cwd: work, maxBuffer: 64 * 2 ** 20 });
      return stdout;
    } catch (error) {
      const { stderr = '' } = error as { stderr?: string };
      throw new Error(`apt-get ${args[0]} failed: ${stderr.trim().slice(-2000)}`, { cause: error });
    }
  };
}

/**
 * Reads which packages there are. The lists of a suite in the making are valid for a week only, which a mirror that lags, an
 * archive of a past day and a wrong clock miss: then they are taken as they are, and that is said. Debian's signature is
 * checked either way, and its released suites have no such date at all.
 */
export async function readLists(apt: Apt, say: MakeOptions['say']): Promise<void> {
  try {
    await apt('update', '-qq');
  } catch (error) {
    const found = /(is expired|is not valid yet) \(([^()\n]{1,100})\)/.exec((error as Error).message);
    if (found === null) throw error;
    say(`the archive's list of packages ${found[1]} (${found[2]}); it is signed by Debian, so it is taken as it is`);
    await apt('-o', 'Acquire::Check-Valid-Until=false', '-o', 'Acquire::Check-Date=false', 'update', '-qq');
  }
}

/** The archive that a Debian machine is set up with; elsewhere Debian's own. */
export async function ownArchive(): Promise<string> {
  const elsewhere = 'http://deb.debian.org/debian';
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  if (!/^ID="?debian"?$/m.test(release)) return elsewhere;
  const codename = /^VERSION_CODENAME="?([a-z]+)"?$/m.exec(release)?.[1];
  const { stdout } = await run('apt-get', [
    'indextargets',
    '--format',
    '$(REPO_URI) $(RELEASE)',
    'Created-By: Packages',
  ]);
  const found = stdout.split('\n').map((line) => line.split(' '));
  return found.find(([, suite]) => suite === codename || suite === 'stable')?.[0] ?? found[0]?.[0] ?? elsewhere;
}

/** What apt would install, by name and version, without what a builder does not need. */
async function choose(apt: Apt): Promise<BuilderPackage[]> {
  const plan = await apt('install', '--simulate', '-y', '--', ...wanted);
  const found = [...plan.matchAll(/^Inst (\S+) \((\S+) /gm)].map(([, name = '', version = '']) => ({ name, version }));
  if (found.length === 0) throw new Error('apt-get named no packages to install');
  return found.filter(({ name }) => !isUnneeded(name)).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function keyOf({ suite, architecture, packages }: BuilderRoot): string {
  const names = packages.map(({ name, version }) => `${name}=${version}`);
  const hash = createHash('sha256').update(JSON.stringify([recipe, architecture, texts, mountPoints, applets, names]));
  return `${suite}-${hash.digest('hex').slice(0, 16)}`;
}

async function download(work: string, apt: Apt, packages: readonly BuilderPackage[]): Promise<void> {
  const names = packages.map(({ name, version }) => `${name}=${version}`);
  // apt leaves what it downloads in its working folder, under the name of the package.
  await apt('download', '-qq', '--', ...names);
  for (const file of readdirSync(work))
    if (file.endsWith('.deb')) renameSync(join(work, file), join(work, 'archives', file));
}

async function fill(root: string, archives: string): Promise<void> {
  mkdirSync(join(root, 'usr'), { recursive: true, mode: 0o755 });
  chmodSync(root, 0o755);
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) {
    mkdirSync(join(root, 'usr', name), { mode: 0o755 });
    symlinkSync(`usr/${name}`, join(root, name));
  }
  for (const file of readdirSync(archives).filter((name) => name.endsWith('.deb'))) {
    const unpack = `set -e; dpkg-deb --fsys-tarfile "$1" | tar -x -p -C "$2" --keep-directory-symlink ${unpackedWithout.join(' ')}`;
    await run('sh', ['-c', unpack, 'unpack', join(archives, file), root]);
  }
  for (const program of unneededPrograms) rmSync(join(root, 'usr', program), { force: true });
  for (const point of mountPoints) mkdirSync(join(root, point), { recursive: true, mode: 0o755 });
  for (const applet of applets) {
    const path = join(root, 'usr/bin', applet);
    if (!existsSync(path)) symlinkSync('busybox', path);
  }
  for (const [path, text] of Object.entries({ ...texts, '/etc/ssl/certs/ca-certificates.crt': authoritiesOf(root) })) {
    mkdirSync(dirname(join(root, path)), { recursive: true, mode: 0o755 });
    writeFileSync(join(root, path), text, { mode: 0o644 });
  }
}

/** What the package's own script would write: it does not run. */
function authoritiesOf(root: string): string {
  const folder = join(root, 'usr/share/ca-certificates/mozilla');
  return readdirSync(folder)
    .toSorted()
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('');
}

/** The root before stays until the next update: boxes may run in it. */
function makeCurrent(folder: string): void {
  const before = findBuilderRoot();
  const made = join(builderFolder, `current.${process.pid}`);
  rmSync(made, { force: true });
  symlinkSync(folder, made);
  renameSync(made, join(builderFolder, 'current'));
  const roots = readdirSync(builderFolder).map((name) => join(builderFolder, name));
  for (const path of roots) {
    const isOld = path !== folder && path !== before && !lstatSync(path).isSymbolicLink();
    if (isOld && existsSync(join(path, 'builder.json'))) rmSync(path, { recursive: true, force: true });
  }
}
