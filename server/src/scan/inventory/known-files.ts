import { readApkInstalled, readDpkgStatus } from './distribution-packages.ts';
import type { FoundPackage } from './inventory.ts';
import { readPackageJson, readPackageLock, readPythonMetadata } from './language-packages.ts';

const MEBIBYTE = 2 ** 20;

/** A kind of file that lists packages of an image, by its path. */
export interface KnownFile {
  limitBytes: number;
  read(text: string): FoundPackage[];
  /** Only this much of its beginning is read. */
  isCut?: true;
}

const DPKG: KnownFile = { limitBytes: 64 * MEBIBYTE, read: readDpkgStatus };
const APK: KnownFile = { limitBytes: 64 * MEBIBYTE, read: readApkInstalled };
const NPM: KnownFile = { limitBytes: 4 * MEBIBYTE, read: readPackageJson };
const NPM_LOCK: KnownFile = { limitBytes: 32 * MEBIBYTE, read: readPackageLock };
const PYTHON: KnownFile = { limitBytes: 64 * 1024, read: readPythonMetadata, isCut: true };

const BY_PATH: Readonly<Record<string, KnownFile>> = {
  'var/lib/dpkg/status': DPKG,
  'lib/apk/db/installed': APK,
  'usr/lib/apk/db/installed': APK,
};

/** The kind of a path without a slash at its beginning; undefined for most. */
export function knownFile(path: string): KnownFile | undefined {
  if (Object.hasOwn(BY_PATH, path)) return BY_PATH[path];
  const parts = path.split('/');
  const name = parts.at(-1) ?? '';
  const folder = parts.at(-2) ?? '';
  if (path.startsWith('var/lib/dpkg/status.d/')) return name.endsWith('.md5sums') ? undefined : DPKG;
  if (name === 'package.json') return isInstalledByNpm(parts) ? NPM : undefined;
  if (name === 'package-lock.json') return parts.includes('node_modules') ? undefined : NPM_LOCK;
  if (name === 'METADATA' && folder.endsWith('.dist-info')) return PYTHON;
  if (name === 'PKG-INFO' && folder.endsWith('.egg-info')) return PYTHON;
  return name.endsWith('.egg-info') ? PYTHON : undefined;
}

/**
 * `node_modules/NAME/package.json`, or `node_modules/@SCOPE/NAME/package.json`: files further down are parts of a
 * package.
 */
function isInstalledByNpm(parts: readonly string[]): boolean {
  if (parts.at(-3) === 'node_modules') return true;
  return parts.at(-4) === 'node_modules' && (parts.at(-3) ?? '').startsWith('@');
}

/** The paths of `os-release`; the first is a link to the second in most images. */
export const OS_RELEASE_PATHS = ['etc/os-release', 'usr/lib/os-release'];

/** Where RPM keeps its database, and its name in each of its formats. */
export const RPM_FOLDERS = ['var/lib/rpm', 'usr/lib/sysimage/rpm'];
export const RPM_DATABASE = 'rpmdb.sqlite';
/** SQLite's files beside a database: they hold changes that are not yet in it, or that must be undone. */
export const RPM_JOURNALS = [`${RPM_DATABASE}-wal`, `${RPM_DATABASE}-journal`];
/** Berkeley DB and `ndb`, which are not read. */
export const OTHER_RPM_DATABASES = ['Packages', 'Packages.db'];
