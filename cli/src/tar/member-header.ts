/*
 * The header of a member of a tar archive, as POSIX specifies it (pax, "ustar Interchange Format" and "pax Header
 * Block"). Many sources are thousands of small files: a stream for each, as in tar-stream, would take most of the time.
 */

/** A member of a source's archive. It has no owner. */
export interface SourceMember {
  path: string;
  type: keyof typeof TYPES;
  /** Permission bits. */
  mode: number;
  mtimeSeconds: number;
  /** The size of a file's content; 0 for everything else. */
  sizeBytes: number;
  /** Where a link leads. */
  target: string;
}

export const BLOCK_BYTES = 512;

const TYPES = { file: '0', link: '1', symlink: '2', directory: '5', pax: 'x' } as const;
const NAME_BYTES = 100;
const PREFIX_BYTES = 155;
const SIZE_LIMIT = 8 ** 11 - 1;
const TIME_LIMIT_S = 2 ** 31 - 1;
/** Some readers take names in headers for those of another character set. */
const ASCII = /^[\0-\x7f]*$/;
/** In the header of a member whose name is in a record. */
const SHORT = { name: 'PaxHeader', prefix: '' };

/** The blocks before a member's content. What does not fit into the header is in a pax record before it. */
export function memberHeader(member: SourceMember): Buffer {
  const place = placeOf(member.path);
  const hasTime = fitsTime(member);
  const header = block({ ...member, mtimeSeconds: hasTime ? member.mtimeSeconds : 0 }, place ?? SHORT);
  const records = recordsOf(member, place);
  return records.length === 0 ? header : Buffer.concat([paxBlocks(records), header]);
}

/** How many bytes these blocks have. */
export function headerBytes(member: SourceMember): number {
  const records = recordsOf(member, placeOf(member.path));
  return BLOCK_BYTES + (records.length === 0 ? 0 : paxBlocks(records).length);
}

function recordsOf(member: SourceMember, place: Place | undefined): [string, string][] {
  const records: [string, string][] = [];
  if (place === undefined) records.push(['path', member.path]);
  if (member.target.length > NAME_BYTES || !ASCII.test(member.target)) records.push(['linkpath', member.target]);
  if (member.sizeBytes > SIZE_LIMIT) records.push(['size', String(member.sizeBytes)]);
  if (!fitsTime(member)) records.push(['mtime', String(member.mtimeSeconds)]);
  return records;
}

function fitsTime({ mtimeSeconds }: SourceMember): boolean {
  return mtimeSeconds >= 0 && mtimeSeconds <= TIME_LIMIT_S;
}

/** How many bytes follow a content of that size, up to the next block. */
export function paddingBytes(sizeBytes: number): number {
  return (BLOCK_BYTES - (sizeBytes % BLOCK_BYTES)) % BLOCK_BYTES;
}

/** The two fields of a name. */
interface Place {
  name: string;
  prefix: string;
}

/** Undefined if it does not fit. */
function placeOf(name: string): Place | undefined {
  if (!ASCII.test(name)) return undefined;
  if (name.length <= NAME_BYTES) return { name, prefix: '' };
  const cut = name.indexOf('/', name.length - NAME_BYTES - 1);
  if (cut < 1 || cut > PREFIX_BYTES) return undefined;
  return { name: name.slice(cut + 1), prefix: name.slice(0, cut) };
}

function paxBlocks(records: readonly [string, string][]): Buffer {
  const content = Buffer.from(records.map(([key, value]) => paxRecord(key, value)).join(''));
  const facts = { mode: 0o644, mtimeSeconds: 0, sizeBytes: content.length, target: '', type: 'pax' } as const;
  const padding = Buffer.alloc(paddingBytes(content.length));
  return Buffer.concat([block(facts, SHORT), content, padding]);
}

/** A record begins with its own length in bytes, including that number. */
function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const restBytes = Buffer.byteLength(rest);
  let length = restBytes + 1;
  while (restBytes + String(length).length !== length) length = restBytes + String(length).length;
  return `${length}${rest}`;
}

function block(
  { type, mode, mtimeSeconds, sizeBytes, target }: Omit<SourceMember, 'path'>,
  { name, prefix }: Place,
): Buffer {
  const bytes = Buffer.alloc(BLOCK_BYTES);
  bytes.write(name, 0, 'latin1');
  bytes.write(`${octal(mode, 7)}\0${octal(0, 7)}\0${octal(0, 7)}\0`, 100, 'latin1');
  bytes.write(`${octal(Math.min(sizeBytes, SIZE_LIMIT), 11)} ${octal(mtimeSeconds, 11)} `, 124, 'latin1');
  bytes.write(`        ${TYPES[type]}`, 148, 'latin1');
  if (ASCII.test(target)) bytes.write(target.slice(0, NAME_BYTES), 157, 'latin1');
  bytes.write('ustar\x0000', 257, 'latin1');
  bytes.write(prefix, 345, 'latin1');
  let sum = 0;
  for (const byte of bytes) sum += byte;
  bytes.write(`${octal(sum, 6)}\0`, 148, 'latin1');
  return bytes;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}
