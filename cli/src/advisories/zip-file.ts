import { type FileHandle, open } from 'node:fs/promises';
import { inflateRawSync } from 'node:zlib';
import { counted } from '@slipway/client/counted.ts';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';

/*
 * A zip file ends with a record that tells where its list of members is; the record of zip64, for more than 65,535 members, comes
 * before it. https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
const [END, END64, MEMBER, LOCAL] = [0x06054b50, 0x06064b50, 0x02014b50, 0x04034b50];
const END_SEARCH_BYTES = 65_557;
const END64_BYTES = 56 + 20;
const [STORED, DEFLATED] = [0, 8];

/** The texts of the members of a zip file. Throws CliError for a file that is not a zip file, and for a member larger than `limitBytes`. */
export async function* zipTexts(path: string, limitBytes: number): AsyncGenerator<{ name: string; text: string }> {
  await using file = await open(path);
  const broken = () => new CliError(EXIT_CODES.usage, `${path} is not a zip file, or is cut off`);
  const list = await memberList(file, broken);
  for (let at = 0; at + 46 <= list.length && list.readUInt32LE(at) === MEMBER; ) {
    const [method, packed, size] = [list.readUInt16LE(at + 10), list.readUInt32LE(at + 20), list.readUInt32LE(at + 24)];
    const [nameBytes, extraBytes, noteBytes] = [28, 30, 32].map((place) => list.readUInt16LE(at + place)) as [
      number,
      number,
      number,
    ];
    const name = list.toString('utf8', at + 46, at + 46 + nameBytes);
    if (size > limitBytes)
      throw new CliError(EXIT_CODES.usage, `${name} in ${path} is larger than ${counted(limitBytes, 'byte')}`);
    const local = await read(file, list.readUInt32LE(at + 42), 30, broken);
    if (local.readUInt32LE(0) !== LOCAL || (method !== STORED && method !== DEFLATED)) throw broken();
    const from = list.readUInt32LE(at + 42) + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
    const bytes = await read(file, from, packed, broken);
    yield { name, text: unpacked(bytes, method, limitBytes, broken).toString() };
    at += 46 + nameBytes + extraBytes + noteBytes;
  }
}

function unpacked(bytes: Buffer, method: number, limitBytes: number, broken: () => Error): Buffer {
  if (method === STORED) return bytes;
  try {
    return inflateRawSync(bytes, { maxOutputLength: limitBytes });
  } catch {
    throw broken();
  }
}

async function memberList(file: FileHandle, broken: () => Error): Promise<Buffer> {
  const { size } = await file.stat();
  const tailAt = Math.max(0, size - END_SEARCH_BYTES - END64_BYTES);
  const tail = await read(file, tailAt, size - tailAt, broken);
  const end = tail.lastIndexOf(signature(END));
  if (end < 0 || end + 22 > tail.length) throw broken();
  const end64 = tail.lastIndexOf(signature(END64), end);
  if (end64 >= 0)
    return read(file, Number(tail.readBigUInt64LE(end64 + 48)), Number(tail.readBigUInt64LE(end64 + 40)), broken);
  return read(file, tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12), broken);
}

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

async function read(file: FileHandle, at: number, length: number, broken: () => Error): Promise<Buffer> {
  const { size } = await file.stat();
  if (at + length > size) throw broken();
  const bytes = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, at + done);
    if (bytesRead === 0) throw broken();
    done += bytesRead;
  }
  return bytes;
}
