import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

/**
 * Completes `package-lock.json`, so that `npm ci` can install from it on any machine. Run it after every change of
 * dependencies; with `--check` it only reports what it would change. It adds the optional platform packages that a
 * registry mirror lacked when the lock file was written: npm leaves those out, and `npm ci` then refuses the file. It
 * also removes `engines` from platform packages: npm silently skips an optional package if the system's Node is older
 * than `engines` requires, although the pinned Node will load it. And it adds the packages of this repository,
 * each as its package.json says: `npm ci` also refuses a lock file that lacks one.
 */
const FILE = join(import.meta.dirname, '..', '..', 'package-lock.json');

interface LockedPackage {
  name?: string;
  license?: string;
  resolved?: string;
  link?: boolean;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  version?: string;
  dev?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  engines?: unknown;
  optionalDependencies?: Record<string, string>;
}

const lock = JSON.parse(readFileSync(FILE, 'utf8')) as { packages: Record<string, LockedPackage> };
const added: string[] = [];
const freed: string[] = [];
for (const folder of readPackage('').workspaces ?? []) {
  const { name = '', version, license, dependencies, devDependencies } = readPackage(folder);
  const own = { name, version, license, dependencies, devDependencies };
  note(folder, JSON.parse(JSON.stringify(own)) as LockedPackage);
  note(`node_modules/${name}`, { resolved: folder, link: true });
}
for (const owner of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(owner.optionalDependencies ?? {})) {
    const place = `node_modules/${name}`;
    if (place in lock.packages || !/^\d/.test(version)) continue;
    lock.packages[place] = { version, ...platformOf(name), ...(owner.dev ? { dev: true } : {}), optional: true };
    added.push(`${name}@${version}`);
  }
}
for (const [place, locked] of Object.entries(lock.packages)) {
  if (!locked.optional || locked.engines === undefined || !(locked.os ?? locked.cpu)) continue;
  delete locked.engines;
  freed.push(place.replace(/^.*node_modules\//, ''));
}

const isCheck = process.argv.includes('--check');
if (isCheck && added.length > 0) process.stderr.write(`package-lock.json lacks ${added.join(', ')}\n`);
if (isCheck && freed.length > 0) process.stderr.write(`package-lock.json has "engines" of ${freed.join(', ')}\n`);
if (isCheck && added.length + freed.length > 0) {
  process.stderr.write('fix it with: npm run gen\n');
  process.exit(1);
}
if (added.length + freed.length > 0) {
  lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(FILE, `${JSON.stringify(lock, null, 2)}\n`);
}

/** Puts an entry into the lock file, unless it is there as it is. */
function note(place: string, entry: LockedPackage): void {
  if (isDeepStrictEqual(lock.packages[place], entry)) return;
  lock.packages[place] = entry;
  added.push(place);
}

function readPackage(folder: string): LockedPackage & { workspaces?: string[] } {
  return JSON.parse(readFileSync(join(FILE, '..', folder, 'package.json'), 'utf8')) as LockedPackage;
}

/** The names of platform packages give the platform: `…-linux-x64-musl`, `…-win32-arm64-msvc`. */
function platformOf(name: string): Pick<LockedPackage, 'os' | 'cpu' | 'libc'> {
  const os = /\b(aix|android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|win32)\b/.exec(name)?.[1];
  const cpu = /\b(arm64|arm|ia32|loong64|mips64el|ppc64|riscv64|s390x|x64)/.exec(name)?.[1];
  const libc = /\b(musl|gnu)/.exec(name)?.[1]?.replace('gnu', 'glibc');
  if (os === undefined || cpu === undefined)
    throw new Error(`${name} does not say its platform; add it to the lock file by hand`);
  return { cpu: [cpu], ...(libc && os === 'linux' ? { libc: [libc] } : {}), os: [os] };
}
