import assert from 'node:assert/strict';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { after, type TestContext, test } from 'node:test';
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { ArchivedLogs, UnreachableLog } from '../../logbook/src/logbook.ts';
import { sealedLog } from '../../logbook/src/sealed/archive-store.contract.ts';
import { BY_NAME } from '../../logbook/src/testing/memory-refs.ts';
import { endOldUploads } from '../../server/src/archive/sweep-archives.ts';
import { type BlobStore, isStoreUnreachable } from '../../server/src/blob/blob.ts';
import { archivesOf, type OpenPlace, placesIn, testPlaces } from '../support/peers/bucket-places.ts';
import { type FaultProxy, startFaultProxy } from '../support/peers/fault-proxy.ts';
import { type SwiftStore, startSwift } from '../support/peers/swift-store.ts';
import { temporaryFolder } from '../support/slipway.ts';

const isLong = process.env.SLIPWAY_TEST_LONG === '1' && process.getuid?.() === 0;
const skip = isLong ? false : 'starts OpenStack Swift: runs as root in the longer tier';
const BUCKET = 'contents';
const MIB = 1024 * 1024;

let swift: SwiftStore;
let proxy: FaultProxy;
let client: S3Client;
let openStore: OpenPlace;

if (isLong) {
  const file = { after };
  swift = await startSwift(file);
  proxy = await startFaultProxy(file, swift.endpoint);
  client = swift.client;
  await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
  openStore = placesIn({ ...swift, bucket: BUCKET }, proxy);
  testPlaces('s3', openStore);
}

/** A sealed log in the store, which is read through the proxy. */
async function archived(t: TestContext, plan: FaultProxy['plan']) {
  const prefix = randomUUID();
  const made = await sealedLog(t);
  const ref = await archivesOf(await openStore(undefined, prefix)).put(
    'log-1',
    made.draft(temporaryFolder(t), 'log-1'),
  );
  return {
    made,
    log: new ArchivedLogs({
      archives: archivesOf(await openStore(plan, prefix)),
      refs: BY_NAME,
      onLeft: assert.fail,
      indexBytes: MIB,
      blockBytes: 0,
    }).reader(ref),
  };
}

test('a page of a sealed log is whole after a busy store, connections that end and lost answers', {
  skip,
}, async (t) => {
  const faults = [
    { status: 503, retryAfter: 1 },
    undefined,
    { cutAnswerAt: 500 },
    'lose answer',
    { delayMs: 20 },
  ] as const;
  const { log, made } = await archived(t, (_, count) => faults[count % faults.length]);
  for (let offset = 0; offset < made.seal.lineCount; offset += 500) {
    const { latin1 } = await log.page(offset, 100);
    const numbers = JSON.parse(`[${latin1}]`).map(({ LineNumber }: { LineNumber: number }) => LineNumber);
    assert.deepEqual(
      numbers,
      Array.from({ length: 100 }, (_, at) => offset + at + 1),
    );
  }
  assert.deepEqual(await buffer(log.archive(0, made.archive.length)), made.archive);
});

test('a page that the store does not give, or not whole, cannot be read now: it is never empty or an older one', {
  skip,
}, async (t) => {
  for (const fault of [{ status: 503 }, { shortenTo: 100 }] as const) {
    let isAway = false;
    const { log } = await archived(t, ({ method }) => (isAway && method === 'GET' ? fault : undefined));
    assert.equal((await log.page(0, 10)).lineCount, 10);
    isAway = true;
    await assert.rejects(async () => log.page(2000, 10), UnreachableLog);
    isAway = false;
    assert.equal((await log.page(2000, 10)).lineCount, 10);
  }
});

test('an object of several parts is stored and read back, also a range over the edge of two parts', {
  skip,
}, async () => {
  const store = await openStore();
  const content = randomBytes(17 * MIB);
  const sha256 = createHash('sha256').update(content).digest('hex');
  const put = await store.put('objects/large', Readable.from(inPieces(content)), {
    limitBytes: content.length,
    sha256,
  });
  assert.deepEqual([put.sizeBytes, put.sha256], [content.length, sha256]);
  assert.deepEqual(await buffer(await store.get('objects/large')), content);
  const range = { fromByte: 16 * MIB - 10, toByte: 16 * MIB + 10 };
  assert.deepEqual(
    await buffer(await store.get('objects/large', range)),
    content.subarray(range.fromByte, range.toByte),
  );
});

test('an upload of parts that breaks off leaves no object and no parts', { skip }, async () => {
  const store = await openStore();
  const content = randomBytes(17 * MIB);
  const broken = store.put('objects/large', Readable.from(inPieces(content)), {
    limitBytes: content.length,
    sha256: createHash('sha256').update('another').digest('hex'),
  });
  await assert.rejects(broken, /its bytes have the SHA-256/);
  assert.equal(await store.head('objects/large'), undefined);
  const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: BUCKET }));
  assert.deepEqual(Uploads, []);
});

test('uploads that a kill interrupted are ended, and only those of this place', { skip }, async () => {
  const prefix = randomUUID();
  const store = await openStore(undefined, prefix);
  const own = `${prefix}/objects/large`;
  for (const Key of [own, 'elsewhere/objects/large'])
    await client.send(new CreateMultipartUploadCommand({ Bucket: BUCKET, Key }));
  await store.endInterrupted('objects', () => true);
  const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: BUCKET }));
  assert.deepEqual(
    Uploads.map(({ Key }) => Key).filter((key) => key === own || key?.startsWith('elsewhere/')),
    ['elsewhere/objects/large'],
  );
});

test('an upload that may still go on is not ended by a sweep of old ones, and one that is older is', {
  skip,
}, async () => {
  const prefix = randomUUID();
  const store = await openStore(undefined, prefix);
  const own = async () => {
    const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: BUCKET }));
    return Uploads.filter(({ Key }) => Key?.startsWith(`${prefix}/`)).length;
  };
  await store.leaveUpload('sources/a');
  await endOldUploads(store);
  assert.equal(await own(), 1);
  await store.endInterrupted('', () => true, Date.now() + 60_000);
  assert.equal(await own(), 0);
});

test('bytes that change on the way to the store are not stored', { skip }, async () => {
  const store = await openStore(({ method }) => (method === 'PUT' ? 'change body' : undefined));
  const put = store.put('objects/a', Readable.from([randomBytes(1000)]), { limitBytes: 1000 });
  await assert.rejects(put, /did not write objects\/a \(HTTP 400, BadDigest/);
  for await (const { key } of store.list('objects')) assert.fail(key);
});

test('connections that end, answers that are lost, and a store that is busy do no harm', { skip }, async () => {
  const content = randomBytes(3 * MIB);
  const faults = [
    { status: 503 },
    { cutAnswerAt: 1000 },
    undefined,
    'lose answer',
    { cutAnswerAt: MIB },
    { delayMs: 50 },
  ] as const;
  const store = await openStore((_, count) => faults[count % faults.length]);
  for (let at = 0; at < 5; at += 1) {
    const key = `objects/a-${at}`;
    await store.put(key, Readable.from([content]), { limitBytes: content.length });
    assert.deepEqual(await buffer(await store.get(key)), content);
    assert.equal((await store.head(key))?.sizeBytes, content.length);
  }
  let listed = 0;
  for await (const { key } of store.list('objects')) {
    listed += 1;
    await store.remove(key);
  }
  assert.equal(listed, 5);
});

test('a put to a store that moves a byte now and then ends, and says so; the next one is stored', {
  skip,
}, async () => {
  const prefix = randomUUID();
  const content = randomBytes(17 * MIB);
  const isLast = ({ method, url = '' }: IncomingMessage) => method === 'POST' && url.includes('uploadId');
  for (const [size, plan] of [
    [1, () => ({ busyEveryMs: 50 })],
    [1, ({ method }) => (method === 'PUT' ? { spacesEveryMs: 50 } : undefined)],
    [content.length, (request) => (isLast(request) ? { spacesEveryMs: 50 } : undefined)],
  ] as const satisfies [number, FaultProxy['plan']][]) {
    const put = (store: BlobStore) =>
      store.put('objects/slow', Readable.from([content.subarray(0, size)]), { limitBytes: size });
    await assert.rejects(put(await openStore(plan, prefix, { answerMs: 1000 })), (error) => {
      assert.ok(isStoreUnreachable(error) && error instanceof Error);
      assert.match(error.message, /is too slow: it took longer than 1 s to write objects\/slow; check the network/);
      return true;
    });
    assert.equal((await put(await openStore(undefined, prefix))).sizeBytes, size);
  }
});

test('a store that stays away ends with a sentence that says what to do', { skip }, async () => {
  const store = await openStore(() => ({ status: 503 }));
  const put = store.put('objects/a', Readable.from(['x']), { limitBytes: 1 });
  await assert.rejects(put, /could not write objects\/a \(HTTP 503.*run the same command again later, it continues/);
});

function* inPieces(content: Buffer): Generator<Buffer> {
  for (let at = 0; at < content.length; at += 100_000) yield content.subarray(at, at + 100_000);
}
