import type { VersionFormat } from '../version/version-order.ts';

/** A package that an image holds. */
export interface Package {
  name: string;
  version: string;
  format: VersionFormat;
  /** The source package, if it has another name or version: advisories of distributions are about sources. */
  source?: { name: string; version: string };
  architecture?: string;
  license?: string;
  /** The file of the image that lists it, without a slash at its beginning. */
  path: string;
  /** Digest of the layer that added it. */
  layer: string;
}

/** The content of an image's `os-release`: https://www.freedesktop.org/software/systemd/man/latest/os-release.html */
export interface Distribution {
  id: string;
  version: string;
  codename: string;
}

/** The content of an image. */
export interface Inventory {
  distribution: Distribution | undefined;
  packages: Package[];
}

/** An image cannot be read. The message says why; it is the end of a sentence. */
export class ImageMistake extends Error {
  override readonly name = 'ImageMistake';
}

/** What a reader finds in a file: packages without their file and layer. */
export type FoundPackage = Omit<Package, 'path' | 'layer'>;

/** The most packages of an image. Large ones have a few thousand. */
export const PACKAGES_LIMIT = 30_000;
const NAME_LIMIT_CHARS = 300;
const VERSION_LIMIT_CHARS = 200;
const DETAIL_LIMIT_CHARS = 200;

/** A package to store, undefined without name or version. Throws ImageMistake for texts that no package has. */
export function foundPackage(found: {
  name: string | undefined;
  version: string | undefined;
  format: VersionFormat;
  source?: { name: string; version: string } | undefined;
  architecture?: string | undefined;
  license?: string | undefined;
}): FoundPackage | undefined {
  const { name, version, format, source, architecture, license } = found;
  if (!name || !version) return undefined;
  for (const [text, limit] of [
    [name, NAME_LIMIT_CHARS],
    [source?.name ?? '', NAME_LIMIT_CHARS],
    [version, VERSION_LIMIT_CHARS],
    [source?.version ?? '', VERSION_LIMIT_CHARS],
  ] as const)
    if (text.length > limit) throw new ImageMistake(`a package has a name or version of more than ${limit} characters`);
  return {
    name,
    version,
    format,
    ...(source === undefined ? {} : { source }),
    ...(architecture ? { architecture: architecture.slice(0, DETAIL_LIMIT_CHARS) } : {}),
    ...(license ? { license: license.slice(0, DETAIL_LIMIT_CHARS) } : {}),
  };
}
