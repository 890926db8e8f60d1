import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  BlobDiffers,
  BlobNotFound,
  type BlobStore,
  BlobTooLarge,
  type ByteRange,
  CheckedContent,
  checkKey,
} from '../blob.ts';
import { etagText, loadS3, s3Client } from './s3-client.ts';
import { S3Fault, s3Fault } from './s3-fault.ts';
import type { S3Access, S3Place } from './s3-place.ts';

/** What a bucket needs beside the contract of stores. */
export interface S3Store extends BlobStore {
  /**
   * Ends uploads under a prefix that a crash interrupted: they take space, and nobody sees them. `isOwn` says which keys nobody else
   * writes to; with `beforeMs`, only those are ended that began before it.
   */
  endInterrupted(prefix: string, isOwn: (key: string) => boolean, beforeMs?: number): Promise<void>;
  /** Begins an upload of parts and leaves it, as an interruption does. */
  leaveUpload(key: string): Promise<void>;
  close(): void;
}

/** Above it, an object is sent in parts of this size. */
const PART_BYTES = 16 * 1024 * 1024;
/** A store takes 10,000. */
const PARTS_LIMIT = 9000;
/** Sent at once; each is in memory. */
const PARTS_AT_ONCE = 2;
const READ_TRIES = 6;
const READ_REST_MS = 200;

/**
 * Keeps objects in a bucket of an S3-compatible store. Every put is checked: the store compares Content-MD5, and its ETag must
 * be the MD5 of the bytes that were sent; where it is not, the object is read back. Throws `S3Fault`.
 */
export async function openS3Store(place: S3Place, access: S3Access): Promise<S3Store> {
  const sdk = await loadS3();
  const unproven = new Set<string>();
  const sha256s = new WeakMap<Uint8Array, string>();
  const client = await s3Client(sdk, access, {
    onUnproven: (key) => unproven.add(key),
    sha256Of: (body) => sha256s.get(body),
  });
  const { bucket: Bucket } = place;
  const start = place.prefix === '' ? '' : `${place.prefix}/`;
  const keyOf = (key: string) => {
    checkKey(key);
    return `${start}${key}`;
  };
  /** Runs a request, and says what its failure means. */
  const asked = async <Result>(what: string, request: () => Promise<Result>): Promise<Result> => {
    try {
      return await request();
    } catch (error) {
      if (error instanceof BlobNotFound || error instanceof BlobTooLarge || error instanceof BlobDiffers) throw error;
      throw s3Fault(error, what, place, access);
    }
  };
  const open = async (key: string, range: string | undefined, etag: string | undefined) => {
    const condition = {
      ...(range === undefined ? {} : { Range: range }),
      ...(etag === undefined ? {} : { IfMatch: etag }),
    };
    const answer = await client.send(new sdk.GetObjectCommand({ Bucket, Key: keyOf(key), ...condition }));
    return { body: answer.Body as Readable, sizeBytes: answer.ContentLength ?? 0, etag: answer.ETag };
  };

  /** Goes on where a connection broke off, as long as it gets further. */
  async function* read(key: string, first: Awaited<ReturnType<typeof open>>, fromByte: number): AsyncGenerator<Buffer> {
    const endByte = fromByte + first.sizeBytes;
    let { body } = first;
    let at = fromByte;
    for (let tries = 1; ; tries += 1) {
      try {
        for await (const chunk of body as AsyncIterable<Buffer>) {
          at += chunk.length;
          tries = 1;
          yield chunk;
        }
        if (at === endByte) return;
        throw new Error(`the connection ended ${endByte - at} bytes too early`);
      } catch (error) {
        if (tries === READ_TRIES) throw s3Fault(error, `send ${key}`, place, access);
        await sleep(READ_REST_MS * 2 ** tries);
        if (at < endByte)
          ({ body } = await asked(`send ${key}`, () => open(key, `bytes=${at}-${endByte - 1}`, first.etag)));
        else return;
      }
    }
  }

  const store: S3Store = {
    async put(key, content, expected) {
      const Key = keyOf(key);
      const checked = new CheckedContent(expected);
      unproven.delete(Key);
      const partSize = Math.max(PART_BYTES, Math.ceil(expected.limitBytes / PARTS_LIMIT));
      let unreadable: unknown;
      const read = async function* (): AsyncGenerator<Buffer> {
        try {
          for await (const chunk of content as AsyncIterable<Buffer | string>)
            yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
        } catch (error) {
          unreadable = error;
          throw error;
        }
      };
      const chunks = checked.pass(read());
      let etag: string | undefined;
      let parts: Readable | undefined;
      try {
        const { first, isWhole } = await firstPart(chunks, partSize);
        if (isWhole) {
          const Body = first.length === 1 && first[0] !== undefined ? first[0] : Buffer.concat(first);
          sha256s.set(Body, checked.sha256);
          const put = new sdk.PutObjectCommand({ Bucket, Key, Body });
          etag = (await asked(`write ${key}`, () => client.send(put))).ETag;
        } else {
          parts = Readable.from(joined(first, chunks), { objectMode: false });
          const params = { Bucket, Key, Body: parts };
          const upload = new sdk.Upload({ client, params, partSize, queueSize: PARTS_AT_ONCE });
          etag = (await asked(`write ${key}`, () => upload.done())).ETag;
        }
      } catch (error) {
        // What cannot be read is not the store's fault.
        throw unreadable ?? error;
      } finally {
        parts?.destroy();
        content.destroy();
      }
      const { sizeBytes, sha256 } = checked;
      if (unproven.delete(Key)) await compare(store, key, sha256);
      else if (sizeBytes > partSize && (await store.head(key))?.sizeBytes !== sizeBytes) throw storeBroken(key);
      return { sizeBytes, sha256, etag: etagText(etag) };
    },
    async get(key, range) {
      const bytes = range && rangeText(range);
      const first = await asked(`send ${key}`, () => open(key, bytes, undefined).catch(notFound(key)));
      if (first === undefined) throw new BlobNotFound(key);
      return Readable.from(read(key, first, range?.fromByte ?? 0), { objectMode: false });
    },
    async copy(fromKey, toKey) {
      const { sizeBytes: limitBytes } = (await store.head(fromKey)) ?? { sizeBytes: 0 };
      await store.put(toKey, await store.get(fromKey), { limitBytes });
    },
    head(key) {
      return asked(`describe ${key}`, async () => {
        const answer = await client.send(new sdk.HeadObjectCommand({ Bucket, Key: keyOf(key) })).catch(notFound(key));
        return (
          answer && {
            key,
            sizeBytes: answer.ContentLength ?? 0,
            modifiedMs: answer.LastModified?.getTime() ?? 0,
            etag: etagText(answer.ETag),
          }
        );
      });
    },
    async *list(prefix) {
      const Prefix = prefix === '' ? start : `${start}${prefix}/`;
      for (let ContinuationToken: string | undefined; ; ) {
        const page = await asked('list objects', () =>
          client.send(
            new sdk.ListObjectsV2Command({ Bucket, Prefix, ...(ContinuationToken && { ContinuationToken }) }),
          ),
        );
        for (const { Key = '', Size = 0, LastModified, ETag } of page.Contents ?? [])
          yield {
            key: Key.slice(start.length),
            sizeBytes: Size,
            modifiedMs: LastModified?.getTime() ?? 0,
            etag: etagText(ETag),
          };
        ContinuationToken = page.NextContinuationToken;
        if (page.IsTruncated !== true || ContinuationToken === undefined) return;
      }
    },
    async remove(key) {
      await asked(`remove ${key}`, () =>
        client.send(new sdk.DeleteObjectCommand({ Bucket, Key: keyOf(key) })).catch(notFound(key)),
      );
    },
    async leaveUpload(key) {
      const upload = new sdk.CreateMultipartUploadCommand({ Bucket, Key: keyOf(key) });
      await asked(`begin the upload of ${key}`, () => client.send(upload));
    },
    async endInterrupted(prefix, isOwn, beforeMs = Number.POSITIVE_INFINITY) {
      for (let from = {}, isLast = false; !isLast; ) {
        const page = await asked('list uploads', () =>
          client.send(
            new sdk.ListMultipartUploadsCommand({
              Bucket,
              Prefix: prefix === '' ? start : `${start}${prefix}/`,
              ...from,
            }),
          ),
        );
        for (const { Key = '', UploadId, Initiated } of page.Uploads ?? [])
          if (
            Key.startsWith(start) &&
            isOwn(Key.slice(start.length)) &&
            (Initiated?.getTime() ?? Number.MAX_VALUE) < beforeMs
          )
            await asked(`end the upload of ${Key}`, () =>
              client.send(new sdk.AbortMultipartUploadCommand({ Bucket, Key, UploadId })).catch(notFound(Key)),
            );
        from = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker };
        isLast = page.IsTruncated !== true || page.NextKeyMarker === undefined;
      }
    },
    close: () => client.destroy(),
  };
  return store;
}

/** The chunks up to the end of a part, and whether there are no more. */
async function firstPart(chunks: AsyncGenerator<Buffer>, partSize: number) {
  const first: Buffer[] = [];
  let sizeBytes = 0;
  while (sizeBytes <= partSize) {
    const next = await chunks.next();
    if (next.done === true) return { first, isWhole: true };
    first.push(next.value);
    sizeBytes += next.value.length;
  }
  return { first, isWhole: false };
}

async function* joined(first: Buffer[], rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  // What was passed on is not held until the last one.
  for (let next = first.shift(); next !== undefined; next = first.shift()) yield next;
  yield* rest;
}

/** The store answered that it has an object, and has other bytes. */
function storeBroken(key: string): S3Fault {
  return new S3Fault(false, `the store said that it has ${key}, but has other bytes; do not use this store`);
}

async function compare(store: BlobStore, key: string, sha256: string): Promise<void> {
  const hash = createHash('sha256');
  for await (const chunk of (await store.get(key)) as AsyncIterable<Buffer>) hash.update(chunk);
  if (hash.digest('hex') === sha256) return;
  await store.remove(key);
  throw storeBroken(key);
}

/** Undefined for an object that is not there; a missing bucket stays an error. */
function notFound(key: string): (error: unknown) => undefined {
  return (error) => {
    const { name } = error as Error;
    if (name === 'NoSuchKey' || name === 'NotFound' || name === 'NoSuchUpload') return undefined;
    throw error instanceof Error ? error : new Error(`${key}: ${String(error)}`);
  };
}

function rangeText({ fromByte, toByte }: ByteRange): string {
  return `bytes=${fromByte}-${toByte - 1}`;
}
