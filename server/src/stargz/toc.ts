import type { TarHeader } from '#tar/tar-header.ts';

/** The member that holds the table of contents, and those that say which files a runtime should fetch first. */
export const TOC_NAME = 'stargz.index.json';
export const PREFETCH_LANDMARK = '.prefetch.landmark';
export const NO_PREFETCH_LANDMARK = '.no.prefetch.landmark';

/** An entry of a table of contents, with the names of the format. */
export interface TocEntry {
  name: string;
  type: string;
  size?: number;
  modtime?: string;
  linkName?: string;
  mode?: number;
  uid?: number;
  gid?: number;
  userName?: string;
  groupName?: string;
  devMajor?: number;
  devMinor?: number;
  xattrs?: Record<string, string>;
  /** Of the whole content of a file. */
  digest?: string;
  /** Where the gzip member of a chunk begins in the layer. */
  offset?: number;
  chunkOffset?: number;
  /** Absent for the last chunk of a file, which reaches to its end. */
  chunkSize?: number;
  chunkDigest?: string;
}

const TYPES: Record<string, string> = {
  '0': 'reg',
  '1': 'hardlink',
  '2': 'symlink',
  '3': 'char',
  '4': 'block',
  '5': 'dir',
  '6': 'fifo',
};
const XATTR_PREFIXES = ['SCHILY.xattr.', 'LIBARCHIVE.xattr.'];

/** The entry of a member, without the fields about its content; undefined for a type that images cannot contain. */
export function tocEntryOf(header: TarHeader): TocEntry | undefined {
  const type = TYPES[header.type];
  if (type === undefined) return undefined;
  const isDevice = type === 'char' || type === 'block';
  const xattrs = xattrsOf(header);
  return {
    name: header.name,
    type,
    ...(type === 'reg' && header.sizeBytes > 0 ? { size: header.sizeBytes } : {}),
    ...(Number.isFinite(header.modifiedS) ? { modtime: timeOf(header.modifiedS) } : {}),
    ...(type === 'hardlink' || type === 'symlink' ? { linkName: header.linkName } : {}),
    ...nonZero('mode', header.mode),
    ...nonZero('uid', header.userId),
    ...nonZero('gid', header.groupId),
    ...(header.userName === '' ? {} : { userName: header.userName }),
    ...(header.groupName === '' ? {} : { groupName: header.groupName }),
    ...(isDevice ? { ...nonZero('devMajor', header.deviceMajor), ...nonZero('devMinor', header.deviceMinor) } : {}),
    ...(xattrs === undefined ? {} : { xattrs }),
  };
}

/** Whole seconds, as the format has them. */
function timeOf(seconds: number): string {
  const date = new Date(Math.floor(seconds) * 1000);
  return Number.isNaN(date.getTime()) ? '1970-01-01T00:00:00Z' : date.toISOString().replace('.000Z', 'Z');
}

function nonZero<Name extends string>(name: Name, value: number): { [Key in Name]?: number } {
  return Number.isFinite(value) && value !== 0 ? ({ [name]: value } as { [Key in Name]?: number }) : {};
}

/** Extended attributes, values in base64. */
function xattrsOf({ records }: TarHeader): Record<string, string> | undefined {
  const found: Record<string, string> = {};
  for (const [key, value] of records) {
    const prefix = XATTR_PREFIXES.find((each) => key.startsWith(each));
    if (prefix !== undefined) found[key.slice(prefix.length)] = Buffer.from(value, 'latin1').toString('base64');
  }
  return Object.keys(found).length === 0 ? undefined : found;
}
