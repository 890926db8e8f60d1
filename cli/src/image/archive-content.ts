import { createReadStream } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { counted } from '@slipway/client/counted.ts';

import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import { resolveEntry, type TarEntry } from './tar-listing.ts';

/** The files of an image in a folder or in an uncompressed tar archive, by name with `/`. */
export interface ArchiveContent {
  /** Its name in messages. */
  label: string;
  /** Size of a regular file; undefined if it does not exist. */
  findSizeBytes(name: string): Promise<number | undefined>;
  /** Streams an existing file, or its first bytes. */
  open(name: string, firstBytes?: number): AsyncIterable<Uint8Array>;
}

/** Reads a folder; links are not followed. */
export function folderContent(folder: string): ArchiveContent {
  return {
    label: folder,
    async findSizeBytes(name) {
      const found = await lstat(join(folder, name)).catch((cause: NodeJS.ErrnoException) => {
        if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') return undefined;
        throw new CliError(EXIT_CODES.usage, `${folder} cannot be read: ${cause.message}`, { cause });
      });
      return found?.isFile() ? found.size : undefined;
    },
    open: (name, firstBytes) => createReadStream(join(folder, name), range(0, firstBytes)),
  };
}

/** Reads an uncompressed tar archive, using the list of its entries. */
export function tarContent(tarFile: string, entries: ReadonlyMap<string, TarEntry>, label: string): ArchiveContent {
  return {
    label,
    async findSizeBytes(name) {
      return resolveEntry(entries, name)?.sizeBytes;
    },
    async *open(name, firstBytes = Number.POSITIVE_INFINITY) {
      const entry = resolveEntry(entries, name);
      if (entry === undefined) throw new CliError(EXIT_CODES.usage, `${label} has no ${name}`);
      const sizeBytes = Math.min(entry.sizeBytes, firstBytes);
      if (sizeBytes > 0) yield* createReadStream(tarFile, range(entry.offsetBytes, sizeBytes));
    },
  };
}

/** Reads a small file whole. Throws CliError if it is missing or larger than `maxBytes`. */
export async function readSmallFile(content: ArchiveContent, name: string, maxBytes: number): Promise<Buffer> {
  const sizeBytes = await content.findSizeBytes(name);
  if (sizeBytes === undefined) {
    throw new CliError(EXIT_CODES.usage, `${content.label} has no ${name}: the image is not complete; export it again`);
  }
  if (sizeBytes > maxBytes) {
    throw new CliError(
      EXIT_CODES.usage,
      `${content.label}: ${name} has ${counted(sizeBytes, 'byte')}; ${maxBytes} are allowed`,
    );
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of content.open(name)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Reads a small JSON object. Throws CliError for anything else. */
export function parseJsonObject(bytes: Uint8Array, what: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch (cause) {
    throw new CliError(EXIT_CODES.usage, `${what} is not JSON; export the image again`, { cause });
  }
  throw new CliError(EXIT_CODES.usage, `${what} is not a JSON object; export the image again`);
}

function range(start: number, sizeBytes = Number.POSITIVE_INFINITY): { start: number; end: number } {
  return { start, end: start + sizeBytes - 1 };
}
