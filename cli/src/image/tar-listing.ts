import { posix } from 'node:path';
import { extract, type Header } from 'tar-stream';

import { CliError, EXIT_CODES } from '../error/cli-error.ts';

/** A member of a tar archive and where its bytes are in the uncompressed archive. */
export interface TarEntry {
  /** Without a leading `./` or a trailing `/`; empty for the root itself. */
  name: string;
  type: Header['type'];
  linkName: string | undefined;
  sizeBytes: number;
  offsetBytes: number;
}

// tar-stream reports where a member's header is; its bytes follow that one block.
const HEADER_BYTES = 512;

/** Reads a tar archive piece by piece. */
export interface TarReader {
  write(chunk: Uint8Array): Promise<void>;
  /** Throws if the archive is incomplete. */
  end(): Promise<void>;
  close(): void;
}

/**
 * Makes a reader that calls `seen` for every member; nothing is extracted. Its calls throw CliError that names `file`
 * if the bytes are not a tar archive.
 */
export function createTarReader(file: string, seen: (entry: TarEntry, header: Header) => void): TarReader {
  const reader = extract();
  let fail: (cause: unknown) => void = () => undefined;
  const failed = new Promise<never>((_resolve, reject) => {
    fail = reject;
  });
  // Raced by every call; between two calls nobody listens.
  failed.catch(() => undefined);
  const failOn = (cause: Error) =>
    fail(new CliError(EXIT_CODES.usage, `${file} is not a tar archive, or is cut off (${cause.message})`, { cause }));
  reader.on('error', failOn);
  const finished = new Promise<void>((resolve) => reader.on('finish', () => resolve()));
  reader.on('entry', (header, stream, next) => {
    try {
      seen(entryOf(header, stream.offset + HEADER_BYTES), header);
    } catch (cause) {
      fail(cause);
    }
    // A member that is cut off gets the error too, like the archive.
    stream.on('error', failOn);
    stream.on('end', () => next());
    stream.resume();
  });
  return {
    async write(chunk) {
      const drained = new Promise<void>((resolve) => reader.once('drain', () => resolve()));
      await Promise.race([reader.write(chunk) ? undefined : drained, failed]);
    },
    async end() {
      reader.end(undefined);
      await Promise.race([finished, failed]);
    },
    close: () => reader.destroy(null),
  };
}

/**
 * Lists a tar archive; `seen` may return false to stop early. Throws CliError if it is not a tar archive, or is cut
 * off.
 */
export async function listTar(
  source: AsyncIterable<Uint8Array>,
  file: string,
  seen: (entry: TarEntry) => boolean,
): Promise<void> {
  let goOn = true;
  const reader = createTarReader(file, (entry) => {
    goOn &&= seen(entry);
  });
  try {
    for await (const chunk of source) {
      await reader.write(chunk);
      if (!goOn) return;
    }
    await reader.end();
  } finally {
    reader.close();
  }
}

/** Finds the regular file for a name, through links inside the archive; undefined if there is none. */
export function resolveEntry(entries: ReadonlyMap<string, TarEntry>, name: string): TarEntry | undefined {
  let wanted = name;
  for (let depth = 0; depth < 8; depth++) {
    const entry = entries.get(wanted);
    if (entry === undefined || entry.type === 'file' || entry.type === 'contiguous-file') return entry;
    if (entry.linkName === undefined) return undefined;
    if (entry.type === 'link') wanted = cleanName(entry.linkName);
    else if (entry.type === 'symlink') wanted = posix.join(posix.dirname(wanted), entry.linkName);
    else return undefined;
  }
  return undefined;
}

function entryOf(header: Header, offsetBytes: number): TarEntry {
  return {
    name: cleanName(header.name),
    type: header.type,
    linkName: header.linkname || undefined,
    sizeBytes: header.size,
    offsetBytes,
  };
}

function cleanName(name: string): string {
  let clean = name.replace(/^(?:\.?\/)+/, '');
  while (clean.endsWith('/')) clean = clean.slice(0, -1);
  return clean === '.' ? '' : clean;
}
