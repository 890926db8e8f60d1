import { spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';

import { CliError, EXIT_CODES } from '../error/cli-error.ts';

/** How a file is compressed, by its first bytes. */
export type Compression = 'none' | 'gzip' | 'xz' | 'zstd';

const MAGIC: readonly [Compression, readonly number[]][] = [
  ['gzip', [0x1f, 0x8b]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
];
const KNOWN_BUT_NOT_READ: readonly [string, string][] = [
  ['BZh', 'bzip2'],
  ['PK\u0003\u0004', 'zip'],
];

/** Detects how `file` is compressed. Throws CliError for a file that cannot be read or has an unsupported format. */
export async function detectCompression(file: string): Promise<Compression> {
  const head = Buffer.alloc(8);
  try {
    await using handle = await open(file, 'r');
    await handle.read(head, 0, head.length, 0);
  } catch (cause) {
    throw new CliError(EXIT_CODES.usage, `${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
  for (const [start, name] of KNOWN_BUT_NOT_READ) {
    if (head.toString('latin1').startsWith(start)) {
      throw new CliError(EXIT_CODES.usage, `${file} is ${name}; give a tar archive, plain or as gz, xz or zst`);
    }
  }
  return detectCompressionOf(head);
}

/** The same, from the first bytes. */
export function detectCompressionOf(head: Uint8Array): Compression {
  return MAGIC.find(([, bytes]) => bytes.every((byte, index) => head[index] === byte))?.[0] ?? 'none';
}

/** Decompresses a stream. Throws CliError that names `file` if the data is damaged. */
export async function* decompress(
  source: AsyncIterable<Uint8Array>,
  compression: Compression,
  file: string,
): AsyncGenerator<Buffer> {
  try {
    if (compression === 'xz') {
      yield* runXz(source, file);
      return;
    }
    let stream = Readable.from(source, { objectMode: false });
    if (compression !== 'none') {
      const decoder = compression === 'gzip' ? createGunzip() : createZstdDecompress();
      stream.on('error', (error) => decoder.destroy(error));
      stream = stream.pipe(decoder);
    }
    for await (const chunk of stream) yield chunk as Buffer;
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    throw new CliError(EXIT_CODES.usage, `${file} is damaged or cut off (${(cause as Error).message})`, { cause });
  }
}

/** The decompressed content of a file on disk. */
export function readArchive(file: string, compression: Compression): AsyncGenerator<Buffer> {
  return decompress(createReadStream(file, { highWaterMark: 1 << 18 }), compression, file);
}

async function* runXz(source: AsyncIterable<Uint8Array>, file: string): AsyncGenerator<Buffer> {
  const child = spawn('xz', ['--decompress', '--stdout', '--quiet'], { stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  // Awaited below; an earlier failure must not be reported as unhandled.
  ended.catch(() => undefined);
  let words = '';
  child.stderr.on('data', (chunk: Buffer) => {
    words = (words + chunk.toString()).slice(-1000);
  });
  const input = Readable.from(source, { objectMode: false });
  input.on('error', () => child.kill());
  // xz closes its input if the data is bad; its exit code reports that.
  child.stdin.on('error', () => input.destroy());
  input.pipe(child.stdin);
  try {
    for await (const chunk of child.stdout) yield chunk as Buffer;
    const code = await ended;
    if (code !== 0)
      throw new CliError(EXIT_CODES.usage, `${file} is damaged or cut off (${words.trim() || 'xz failed'})`);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    const fix = 'install xz-utils, or give the archive as gz or zst';
    throw new CliError(EXIT_CODES.machine, `${file} is compressed with xz, which is not installed: ${fix}`, { cause });
  } finally {
    child.kill();
    input.destroy();
  }
}
