import { execFile } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeFolder } from '../folder/make-folder.ts';
import { BUILDER_FOLDER, type BuilderPackage } from './builder-root.ts';
import { WORK_PREFIX } from './current-folder.ts';

const run = promisify(execFile);

/** Runs apt-get with a state of its own. Returns its output; throws with its errors. */
export type Apt = (...args: string[]) => Promise<string>;

/** Where packages come from. */
export interface PackageSource {
  suite: string;
  /** The address of Debian's archive; undefined for the machine's own package source. */
  archive?: string | undefined;
  /** Debian's name of the target processor; undefined for this machine's. */
  architecture?: string;
  say: (line: string) => void;
}

/** A package, in the newest version if none is given. */
interface Wanted {
  name: string;
  version?: string;
}

/** Calls `act` with a working folder beside the builder's root, and removes it afterwards. */
export async function withWorkFolder<T>(act: (work: string) => Promise<T>): Promise<T> {
  makeFolder(BUILDER_FOLDER, 0o755);
  const work = mkdtempSync(join(BUILDER_FOLDER, WORK_PREFIX));
  try {
    return await act(work);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * apt with its state in `work` and the package lists of a suite. It checks Debian's signature and changes nothing of
 * the machine's own state.
 */
export async function openApt(work: string, { suite, archive, architecture, say }: PackageSource): Promise<Apt> {
  const apt = await aptIn(work, suite, archive ?? (await ownArchive()), architecture);
  say(`reading the packages of Debian ${suite}`);
  await readLists(apt, say);
  return apt;
}

/** The packages that apt would install for `wanted`, by name and version. */
export async function planInstall(apt: Apt, wanted: readonly string[]): Promise<BuilderPackage[]> {
  const plan = await apt('install', '--simulate', '-y', '--', ...wanted);
  const found = [...plan.matchAll(/^Inst (\S+) \((\S+) /gm)].map(([, name = '', version = '']) => ({ name, version }));
  if (found.length === 0) throw new Error('apt-get named no packages to install');
  return found;
}

/** Downloads packages; returns their files. */
export async function download(work: string, apt: Apt, packages: readonly Wanted[]): Promise<string[]> {
  const names = packages.map(({ name, version }) => (version === undefined ? name : `${name}=${version}`));
  // apt leaves downloads in its working folder, under the name of the package.
  await apt('download', '-qq', '--', ...names);
  const files = readdirSync(work).filter((file) => file.endsWith('.deb'));
  for (const file of files) renameSync(join(work, file), join(work, 'archives', file));
  return files.map((file) => join(work, 'archives', file));
}

/**
 * Unpacks packages into an empty root whose programs are all below /usr, without these folders of /usr/share. None of
 * their scripts runs.
 */
export async function unpackPackages(archives: string, root: string, without: readonly string[]): Promise<void> {
  mkdirSync(join(root, 'usr'), { recursive: true, mode: 0o755 });
  chmodSync(root, 0o755);
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) {
    mkdirSync(join(root, 'usr', name), { mode: 0o755 });
    symlinkSync(`usr/${name}`, join(root, name));
  }
  const excluded = without.map((name) => `--exclude=./usr/share/${name}`);
  const unpack =
    'set -e; file=$1 to=$2; shift 2; dpkg-deb --fsys-tarfile "$file" | tar -x -p -C "$to" --keep-directory-symlink "$@"';
  for (const file of readdirSync(archives).filter((name) => name.endsWith('.deb')))
    await run('sh', ['-c', unpack, 'unpack', join(archives, file), root, ...excluded]);
}

async function aptIn(work: string, suite: string, archive: string, architecture: string | undefined): Promise<Apt> {
  for (const folder of ['lists/partial', 'archives/partial']) makeFolder(join(work, folder));
  const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
  if (!existsSync(keyring)) throw new Error(`${keyring} is missing: install the package debian-archive-keyring`);
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
    ...(architecture === undefined ? {} : { 'APT::Architecture': architecture, 'APT::Architectures': architecture }),
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
 * Reads the package lists. The lists of a suite in development are valid for only a week. A slow mirror, an archive
 * snapshot or a wrong clock can miss that; the lists are used anyway, with a warning. Debian's signature is always
 * checked, and released suites have no such date.
 */
async function readLists(apt: Apt, say: PackageSource['say']): Promise<void> {
  try {
    await apt('update', '-qq');
  } catch (error) {
    const found = /(is expired|is not valid yet) \(([^()\n]{1,100})\)/.exec((error as Error).message);
    if (found === null) throw error;
    say(`the archive's list of packages ${found[1]} (${found[2]}); it is signed by Debian, so it is used anyway`);
    await apt('-o', 'Acquire::Check-Valid-Until=false', '-o', 'Acquire::Check-Date=false', 'update', '-qq');
  }
}

/** The archive that this Debian machine uses; on other systems, Debian's own. */
async function ownArchive(): Promise<string> {
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
