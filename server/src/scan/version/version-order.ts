import { compareApk } from './apk-version.ts';
import { compareDpkg } from './dpkg-version.ts';
import { comparePep440 } from './pep440-version.ts';
import { compareRpm } from './rpm-version.ts';
import { compareSemver } from './semver-version.ts';

/** How a package manager writes and orders versions. */
export type VersionFormat = 'dpkg' | 'apk' | 'rpm' | 'npm' | 'golang' | 'python';

const ORDERS: Readonly<Record<VersionFormat, (a: string, b: string) => number>> = {
  dpkg: compareDpkg,
  apk: compareApk,
  rpm: compareRpm,
  npm: compareSemver,
  golang: compareSemver,
  python: comparePep440,
};

/** Compares two versions of a package: negative if `a` is earlier, 0 if they are the same. */
export function compareVersions(format: VersionFormat, a: string, b: string): number {
  return ORDERS[format](a, b);
}
