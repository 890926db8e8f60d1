import { TarMistake } from './tar-mistake.ts';

/** The fields of a member of an archive. Texts that are not UTF-8 contain U+FFFD. */
export interface TarHeader {
  readonly name: string;
  /** The target of a link. */
  readonly linkName: string;
  /** `0` file, `1` hard link, `2` symbolic link, `3` and `4` devices, `5` folder, `6` named pipe, and others. */
  readonly type: string;
  readonly sizeBytes: number;
  readonly mode: number;
  readonly userId: number;
  readonly groupId: number;
  /** Seconds since 1970, with fractions. */
  readonly modifiedS: number;
  readonly userName: string;
  readonly groupName: string;
  readonly deviceMajor: number;
  readonly deviceMinor: number;
  /** The pax records, with the bytes of their values as Latin-1. */
  readonly records: ReadonlyMap<string, string>;
}

/** A header with the values that its pax records replace (pax, "Extended Header"). */
export function withRecords(header: TarHeader, records: ReadonlyMap<string, string>): TarHeader {
  if (records.size === 0) return header;
  const text = (key: string, own: string) => {
    const value = records.get(key);
    return value === undefined ? own : Buffer.from(value, 'latin1').toString();
  };
  const number = (key: string, own: number) => {
    const value = records.get(key);
    if (value === undefined) return own;
    if (value.length > 40 || !Number.isFinite(Number(value)))
      throw new TarMistake(`the ${key} of a member is not a number`);
    return Number(value);
  };
  const sizeBytes = number('size', header.sizeBytes);
  if (sizeBytes < 0 || !Number.isSafeInteger(sizeBytes)) throw new TarMistake('a size in it is not valid');
  return {
    ...header,
    name: text('path', header.name),
    linkName: text('linkpath', header.linkName),
    sizeBytes,
    userId: number('uid', header.userId),
    groupId: number('gid', header.groupId),
    modifiedS: number('mtime', header.modifiedS),
    userName: text('uname', header.userName),
    groupName: text('gname', header.groupName),
    records,
  };
}

/**
 * A number in a header: octal digits, or, with the first bit set, the bytes of the number itself (GNU). NaN for
 * anything else.
 */
export function parseTarNumber(field: Buffer): number {
  const first = field[0] ?? 0;
  if (first & 0x80) {
    let value = first & 0x40 ? first - 256 : first & 0x3f;
    for (const byte of field.subarray(1)) value = value * 256 + byte;
    return value;
  }
  const digits = field.toString('latin1').replaceAll('\0', ' ').trim();
  if (digits === '') return 0;
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN;
}
