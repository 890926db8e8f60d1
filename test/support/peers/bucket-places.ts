import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { ArchivedLogs } from '../../../logbook/src/logbook.ts';
import { testLogReader } from '../../../logbook/src/read/log-reader.contract.ts';
import { sealedLog, testArchiveStore } from '../../../logbook/src/sealed/archive-store.contract.ts';
import { BY_NAME } from '../../../logbook/src/testing/memory-refs.ts';
import { blobArchives } from '../../../server/src/archive/blob-archives.ts';
import { testBlobStore } from '../../../server/src/blob/blob.contract.ts';
import type { BlobStore } from '../../../server/src/blob/blob.ts';
import { openS3Store } from '../../../server/src/blob/s3/s3-store.ts';
import { temporaryFolder } from '../slipway.ts';
import type { FaultProxy } from './fault-proxy.ts';

/** A bucket of a real S3 server. */
interface Bucket {
  endpoint: string;
  keysFile: string;
  bucket: string;
}

/** Opens a store with a prefix of its own; through the proxy that makes faults if there is a plan. */
export type OpenPlace = (
  plan?: FaultProxy['plan'],
  prefix?: string,
  limits?: { answerMs?: number },
) => ReturnType<typeof openS3Store>;

/** The places of a bucket, and of a proxy in front of it. */
export function placesIn({ endpoint, keysFile, bucket }: Bucket, proxy: FaultProxy): OpenPlace {
  return (plan, prefix = randomUUID(), limits = {}) => {
    if (plan !== undefined) Object.assign(proxy, { plan, count: 0 });
    const reached = { endpoint: plan === undefined ? endpoint : proxy.url, region: 'us-east-1' };
    return openS3Store({ bucket, prefix }, { ...reached, keysFile, pathStyle: true, ...limits });
  };
}

/** Sealed logs in a store. */
export const archivesOf = (blobs: BlobStore) => blobArchives({ blobs, newId: randomUUID, answerLimitMs: 120_000 });

/** All that Slipway keeps in a bucket, by the suites that every store must pass. */
export function testPlaces(name: string, open: OpenPlace): void {
  testBlobStore(name, () => open());

  testArchiveStore(name, async (t) => {
    const prefix = randomUUID();
    const blobs = await open(undefined, prefix);
    return {
      store: archivesOf(blobs),
      folder: temporaryFolder(t),
      // Not answered at all, and not tried again.
      failing: async (fromAct) =>
        archivesOf(await open((_, count) => (count >= fromAct ? { status: 403 } : undefined), prefix)),
      lose: (ref, file) => blobs.remove(file === 'archive' ? `${ref}.ndjson.gz` : `${ref}.idx`),
    };
  });

  testLogReader(`a sealed log in ${name}`, async (t, messages, stepLines) => {
    const blobs = await open();
    const made = await sealedLog(t, { messages, stepLines });
    const archives = archivesOf(blobs);
    const ref = await archives.put('log-1', made.draft(temporaryFolder(t), 'log-1'));
    const damage = async (): Promise<void> => {
      const damaged = Buffer.from(made.archive);
      damaged[damaged.length >> 1] = (damaged[damaged.length >> 1] ?? 0) ^ 0x10;
      await blobs.put(`${ref}.ndjson.gz`, Readable.from([damaged]), { limitBytes: damaged.length });
    };
    const limits = { indexBytes: 2 ** 20, blockBytes: 0 };
    return {
      log: new ArchivedLogs({ archives, refs: BY_NAME, onLeft: assert.fail, ...limits }).reader(ref),
      seal: async () => undefined,
      damage,
    };
  });
}
