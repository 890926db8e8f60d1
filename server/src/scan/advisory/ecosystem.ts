import type { Distribution, Package } from '../inventory/inventory.ts';
import type { VersionFormat } from '../version/version-order.ts';

const LANGUAGES: Partial<Record<VersionFormat, string>> = { npm: 'npm', golang: 'Go', python: 'PyPI' };

/**
 * The names under which advisories about a package may be stored, any of which suffices; none for a package of an
 * unknown distribution.
 */
export function ecosystemsOf(
  { format }: Pick<Package, 'format'>,
  distribution: Distribution | undefined,
): readonly string[] {
  const language = LANGUAGES[format];
  if (language !== undefined) return [language];
  return distribution === undefined ? [] : distributionNames(distribution);
}

function distributionNames({ id, version, codename }: Distribution): string[] {
  const [major = '', minor = ''] = version.split('.');
  switch (id) {
    case 'debian':
      // Testing and unstable have no version.
      return [...(version === '' ? [] : [`Debian:${major}`]), ...(codename === '' ? [] : [`Debian:${codename}`])];
    case 'ubuntu':
      return [`Ubuntu:${version}:LTS`, `Ubuntu:${version}`];
    case 'alpine':
      return [version.includes('_') ? 'Alpine:edge' : `Alpine:v${major}.${minor}`];
    case 'rocky':
      return [`Rocky Linux:${major}`];
    case 'almalinux':
      return [`AlmaLinux:${major}`];
    case 'opensuse-leap':
      return [`openSUSE:Leap ${version}`];
    case 'mageia':
      return [`Mageia:${major}`];
    case 'wolfi':
      return ['Wolfi'];
    case 'chainguard':
      return ['Chainguard'];
    default:
      return [version === '' ? id : `${id}:${version}`];
  }
}
