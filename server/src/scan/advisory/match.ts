import type { Package } from '../inventory/inventory.ts';
import { compareVersions, type VersionFormat } from '../version/version-order.ts';
import type { Advisory, VersionRange } from './advisory.ts';
import type { Finding, FindingKind } from './finding.ts';

/** The names under which advisories know a package, each with the version to compare. */
export function advisedNames(found: Package): { name: string; version: string }[] {
  const own = { name: found.name, version: found.version };
  if (found.source === undefined) return [own];
  // Debian and Alpine publish advisories for source packages, RPM distributions for either.
  if (found.format === 'rpm') return found.source.name === found.name ? [own] : [found.source, own];
  return [found.source];
}

/** Whether a version is among those that an advisory is about. */
export function isAffected(format: VersionFormat, version: string, { ranges, versions = [] }: Advisory): boolean {
  return versions.includes(version) || ranges.some((range) => isInRange(format, version, range));
}

function isInRange(format: VersionFormat, version: string, { introduced, fixed, lastAffected }: VersionRange): boolean {
  if (introduced !== '0' && compareVersions(format, version, introduced) < 0) return false;
  if (fixed !== undefined) return compareVersions(format, version, fixed) < 0;
  return lastAffected === undefined || compareVersions(format, version, lastAffected) <= 0;
}

/** The finding of an advisory about a package of an image. */
export function findingOf(found: Package, version: string, advisory: Advisory): Finding {
  const { format, name, path, layer } = found;
  const kind: FindingKind = ['npm', 'golang', 'python'].includes(format) ? 'sca' : 'cve';
  const fixedVersion = fixOf(format, version, advisory);
  return {
    name: advisory.name,
    alias: advisory.alias ?? '',
    severity: advisory.severity,
    kind,
    package: name,
    version: found.version,
    fixedVersion,
    format,
    path,
    layer,
    link: advisory.link ?? '',
    description: advisory.summary ?? '',
    fixCommand: fixedVersion === '' ? '' : fixCommand(format, name, fixedVersion),
  };
}

/** The fix of the range that contains the version. */
function fixOf(format: VersionFormat, version: string, { ranges }: Advisory): string {
  return (
    ranges.find((range) => isInRange(format, version, range))?.fixed ?? ranges.find(({ fixed }) => fixed)?.fixed ?? ''
  );
}

/** No installed package has a name with characters that a shell would interpret. */
const PLAIN = /^[\w@/.:+~!-]+$/;

/** The command that brings a package to a version; empty if no single command does. */
function fixCommand(format: VersionFormat, name: string, version: string): string {
  if (!PLAIN.test(name) || !PLAIN.test(version) || name.startsWith('-')) return '';
  switch (format) {
    case 'dpkg':
      return `apt-get update && apt-get install -y --only-upgrade ${name}`;
    case 'apk':
      return `apk upgrade --no-cache ${name}`;
    case 'rpm':
      return `dnf upgrade -y ${name}`;
    case 'npm':
      return `npm install ${name}@${version}`;
    case 'python':
      return `pip install ${name}==${version}`;
    case 'golang':
      // Go itself is not a module.
      return name === 'stdlib' ? '' : `go get ${name}@v${version.replace(/^v/, '')}`;
  }
}
