import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { ArchivedLogs, damageOf, UnreachableLog } from '@slipway/logbook';
import type { BlobStore } from '#blob/blob.ts';
import { diskBlobStore } from '#blob/disk.ts';
import { testLogReader } from '../../../logbook/src/read/log-reader.contract.ts';
import { sealedLog, testArchiveStore } from '../../../logbook/src/sealed/archive-store.contract.ts';
import { BY_NAME } from '../../../logbook/src/testing/memory-refs.ts';
import { blobArchives } from './blob-archives.ts';
import { failingBlobs } from './testing/failing-blobs.ts';

const FAR_OFF_MS = 600_000;
const LIMITS = { indexBytes: 1_000_000, blockBytes: 0 };

testArchiveStore('objects', async (t) => {
  const { blobs, folder } = await openBlobs(t);
  return {
    store: archivesOf(blobs),
    folder,
    failing: (fromAct) => archivesOf(failingBlobs(blobs, fromAct)),
    lose: (ref, file) => blobs.remove(file === 'archive' ? `${ref}.ndjson.gz` : `${ref}.idx`),
  };
});

testLogReader('a sealed log in objects', async (t, messages, stepLines) => {
  const { blobs, folder } = await openBlobs(t);
  const store = archivesOf(blobs);
  const made = await sealedLog(t, { messages, stepLines });
  const ref = await store.put('log-1', made.draft(folder, 'log-1'));
  const damage = async (): Promise<void> => {
    const damaged = Buffer.from(made.archive);
    damaged[damaged.length >> 1] = (damaged[damaged.length >> 1] ?? 0) ^ 0x10;
    await blobs.put(`${ref}.ndjson.gz`, Readable.from([damaged]), { limitBytes: damaged.length });
  };
  return {
    log: new ArchivedLogs({ archives: store, refs: BY_NAME, onLeft: assert.fail, ...LIMITS }).reader(ref),
    seal: async () => undefined,
    damage,
  };
});

test('what a store sends too short, or not at all, cannot be read now: it is neither damaged nor an older or empty page', async (t) => {
  const { blobs, folder } = await openBlobs(t);
  const made = await sealedLog(t);
  const ref = await archivesOf(blobs).put('log-1', made.draft(folder, 'log-1'));
  const faults: Record<string, BlobStore['get']> = {
    'too short': async (key, range) => Readable.from([(await buffer(await blobs.get(key, range))).subarray(1)]),
    empty: async () => Readable.from([]),
    'broken off': async () => Readable.from(breaking()),
    refused: async () => Promise.reject(new Error('HTTP 503')),
    silent: () => new Promise(() => undefined),
  };
  for (const [name, get] of Object.entries(faults)) {
    const limitMs = name === 'silent' ? 1 : FAR_OFF_MS;
    const logs = new ArchivedLogs({
      archives: archivesOf({ ...blobs, get: (...args) => serve(...args) }, limitMs),
      refs: BY_NAME,
      onLeft: assert.fail,
      ...LIMITS,
    });
    const log = logs.reader(ref);
    let serve = blobs.get;
    if (name !== 'silent') await log.page(0, 1);
    serve = get;
    const reads = {
      page: async () => log.page(2000, 10),
      text: async () => log.textFrom(2000),
      archive: async () => buffer(log.archive(0, 5000)),
    };
    for (const [what, read] of Object.entries(reads)) {
      await assert.rejects(
        read,
        (error) => error instanceof UnreachableLog && damageOf(error) === undefined,
        `${name}: ${what}`,
      );
    }
    serve = blobs.get;
    if (name !== 'silent') assert.equal((await log.page(2000, 10)).lineCount, 10, name);
  }
});

test('a store whose connection ends during a put is away, and a draft that cannot be read is not its fault', async (t) => {
  const { blobs, folder } = await openBlobs(t);
  const made = await sealedLog(t);
  const draft = made.draft(folder, 'log-1');
  const reset = Object.assign(new Error('read ECONNRESET'), { syscall: 'read', code: 'ECONNRESET' });
  const away = archivesOf({ ...blobs, put: () => Promise.reject(reset) });
  await assert.rejects(away.put('log-1', draft), UnreachableLog);
  const lost = archivesOf(blobs).put('log-1', { ...draft, indexPath: join(folder, 'no-such-file') });
  await assert.rejects(lost, (error) => !(error instanceof UnreachableLog) && /ENOENT/.test(String(error)));
});

test('indexes of logs that were read are kept up to a number of bytes, and a log that is read meanwhile is not disturbed', async (t) => {
  const { blobs, folder } = await openBlobs(t);
  const made = await sealedLog(t);
  let opened = 0;
  const counted = archivesOf({
    ...blobs,
    head: (key) => {
      opened += 1;
      return blobs.head(key);
    },
  });
  const refs = await Promise.all(
    ['log-1', 'log-2', 'log-3'].map((logId) => counted.put(logId, made.draft(folder, logId))),
  );
  const logs = new ArchivedLogs({
    archives: counted,
    refs: BY_NAME,
    onLeft: assert.fail,
    indexBytes: 2 * made.index.length,
    blockBytes: 0,
  });
  const [one, two, three] = refs.map((ref) => logs.reader(ref));
  assert.ok(one && two && three);
  await Promise.all([one.page(0), one.page(500), one.reach()]);
  await two.page(0);
  assert.equal(opened, 2);
  // The third takes the place of the first, which is being read.
  const [page] = await Promise.all([one.page(3000, 10), three.page(0), two.page(3000), three.page(3000)]);
  assert.equal(page.lineCount, 10);
  assert.equal(opened, 3);
  await one.page(0);
  assert.equal(opened, 4);
});

async function openBlobs(t: TestContext): Promise<{ blobs: BlobStore; folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-archives-'));
  t.after(() => rm(folder, { recursive: true }));
  return { blobs: diskBlobStore(join(folder, 'blobs')), folder: join(folder, 'drafts') };
}

function archivesOf(blobs: BlobStore, answerLimitMs = FAR_OFF_MS) {
  return blobArchives({ blobs, newId: randomUUID, answerLimitMs });
}

async function* breaking(): AsyncGenerator<Buffer> {
  yield Buffer.from('half');
  throw new Error('the connection ended');
}
