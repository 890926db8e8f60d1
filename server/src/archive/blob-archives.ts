import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import {
  type ArchiveDraft,
  type ArchiveRef,
  type ArchiveStore,
  bytesAsFile,
  DamagedLog,
  draftFile,
  type StoredArchive,
  UnreachableLog,
} from '@slipway/logbook';
import { BlobNotFound, type BlobStore, BlobTooLarge, type ByteRange } from '#blob/blob.ts';

interface BlobArchivesMeans {
  readonly blobs: BlobStore;
  /** Makes a part of a name that was never used before. */
  readonly newId: () => string;
  /** How long a read waits for the store. */
  readonly answerLimitMs: number;
}

/** Sealed logs are below this prefix. */
export const PREFIX = 'logs';
/** Far more than the index of the largest log has. */
const INDEX_LIMIT_BYTES = 1024 ** 3;

/**
 * Sealed logs as objects: `logs/<first two characters of the id>/<id>/<new id>.ndjson.gz` and `….idx`. Each `put` has names of its
 * own. One that was interrupted leaves objects that no ref names; `sweepArchives` removes those.
 */
export function blobArchives(means: BlobArchivesMeans): ArchiveStore {
  const { blobs } = means;
  return {
    async put(logId, draft) {
      const ref = newRef(logId, means.newId());
      const { archiveBytes } = draft.seal;
      const put = async (key: string, file: 'archive' | 'index', limitBytes: number) => {
        const { content, fault } = readableDraft(draft, file);
        try {
          return await putAndCompare(blobs, key, content, limitBytes);
        } catch (cause) {
          if (fault() !== undefined || cause instanceof BlobTooLarge) throw cause;
          throw new UnreachableLog(`${nameOf(key)} could not be put into the store`, { cause });
        }
      };
      const sizeBytes = await put(archiveKey(ref), 'archive', archiveBytes);
      if (sizeBytes !== archiveBytes)
        throw new DamagedLog(`log.ndjson.gz of ${logId} has ${sizeBytes} bytes instead of ${archiveBytes}`);
      await put(indexKey(ref), 'index', INDEX_LIMIT_BYTES);
      return ref;
    },
    async open(ref) {
      const [index, archiveBytes] = await Promise.all([
        answerOf(means, indexKey(ref), async () => buffer(await blobs.get(indexKey(ref)))),
        answerOf(means, archiveKey(ref), async () => (await blobs.head(archiveKey(ref)))?.sizeBytes),
      ]);
      if (archiveBytes === undefined) throw missing(`log.ndjson.gz of ${ref}`);
      return new BlobArchive(means, archiveKey(ref), { index, archiveBytes });
    },
    async remove(ref) {
      await blobs.remove(indexKey(ref));
      await blobs.remove(archiveKey(ref));
    },
  };
}

class BlobArchive implements StoredArchive {
  readonly index: StoredArchive['index'];
  readonly archiveBytes: number;
  readonly #means: BlobArchivesMeans;
  readonly #key: string;

  constructor(means: BlobArchivesMeans, key: string, { index, archiveBytes }: { index: Buffer; archiveBytes: number }) {
    this.#means = means;
    this.#key = key;
    this.index = bytesAsFile(index);
    this.archiveBytes = archiveBytes;
  }

  async read(fromByte: number, toByte: number): Promise<Buffer> {
    const range = this.#within(fromByte, toByte);
    if (range === undefined) return Buffer.alloc(0);
    return answerOf(this.#means, this.#key, async () => {
      const bytes = await buffer(await this.#means.blobs.get(this.#key, range));
      checkLength(bytes.length, range);
      return bytes;
    });
  }

  stream(fromByte: number, toByte: number): Readable {
    const range = this.#within(fromByte, toByte);
    return Readable.from(range === undefined ? [] : this.#chunks(range), { objectMode: false });
  }

  close(): void {
    // Nothing is open between two reads.
  }

  async *#chunks(range: ByteRange): AsyncGenerator<Buffer> {
    const { blobs } = this.#means;
    const body = await answerOf(this.#means, this.#key, () => blobs.get(this.#key, range));
    let sentBytes = 0;
    try {
      for await (const chunk of body as AsyncIterable<Buffer>) {
        sentBytes += chunk.length;
        yield chunk;
      }
      checkLength(sentBytes, range);
    } catch (cause) {
      throw unreachable(this.#key, cause);
    }
  }

  /** The bytes that there are of a range; undefined if there are none. */
  #within(fromByte: number, toByte: number): ByteRange | undefined {
    const range = { fromByte, toByte: Math.min(toByte, this.archiveBytes) };
    return range.fromByte < range.toByte ? range : undefined;
  }
}

/** Stores an object, reads it back, and returns its size. */
async function putAndCompare(blobs: BlobStore, key: string, content: Readable, limitBytes: number): Promise<number> {
  const put = await blobs.put(key, content, { limitBytes });
  const hash = createHash('sha256');
  for await (const chunk of (await blobs.get(key)) as AsyncIterable<Buffer>) hash.update(chunk);
  if (hash.digest('hex') !== put.sha256) throw new Error(`the store has other bytes of ${key} than it was sent`);
  return put.sizeBytes;
}

/** An answer of the store, which is not waited for forever. Only that an object is missing is a fact about the log. */
async function answerOf<Result>(
  { answerLimitMs }: BlobArchivesMeans,
  key: string,
  ask: () => Promise<Result>,
): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${answerLimitMs} ms`)), answerLimitMs);
  });
  try {
    return await Promise.race([ask(), late]);
  } catch (cause) {
    throw cause instanceof BlobNotFound ? missing(nameOf(key)) : unreachable(key, cause);
  } finally {
    clearTimeout(timer);
  }
}

function checkLength(sizeBytes: number, { fromByte, toByte }: ByteRange): void {
  if (sizeBytes === toByte - fromByte) return;
  throw new Error(`the store sent ${sizeBytes} bytes instead of bytes ${fromByte} to ${toByte}`);
}

function unreachable(key: string, cause: unknown): UnreachableLog {
  return new UnreachableLog(`${nameOf(key)} cannot be read now`, { cause });
}

function missing(name: string): DamagedLog {
  return new DamagedLog(`${name} is missing`);
}

/** Where an archive is. */
export function archiveKey(ref: ArchiveRef): string {
  return `${ref}.ndjson.gz`;
}

/** Where an archive's index is. */
export function indexKey(ref: ArchiveRef): string {
  return `${ref}.idx`;
}

/** One of a draft's files. If it cannot be read, that is no fault of the store. */
function readableDraft(draft: ArchiveDraft, file: 'archive' | 'index'): { content: Readable; fault: () => unknown } {
  let fault: unknown;
  const read = async function* () {
    try {
      yield* draftFile(draft, file) as AsyncIterable<Buffer>;
    } catch (error) {
      fault = error;
      throw error;
    }
  };
  return { content: Readable.from(read(), { objectMode: false }), fault: () => fault };
}

/** What a log is to be called whose archive nobody has put yet. */
export function newRef(logId: string, newId: string): ArchiveRef {
  return `${PREFIX}/${logId.slice(0, 2)}/${logId}/${newId}`;
}

/** The ref of an object. */
export function refOfKey(key: string): string {
  return key.replace(/\.(ndjson\.gz|idx)$/, '');
}

/** `log.idx of logs/…`, as the files of a folder are called. */
function nameOf(key: string): string {
  const [, ref, file] = /^(.*?)\.(ndjson\.gz|idx)$/.exec(key) ?? [];
  return `log.${file} of ${ref}`;
}
