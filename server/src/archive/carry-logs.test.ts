import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { DamagedLog, Logbook } from '@slipway/logbook';
import type { BlobStore } from '#blob/blob.ts';
import { diskBlobStore } from '#blob/disk.ts';
import { ForeignStore, readOwner, takeOwnership } from '#blob/owner-mark.ts';
import { DatabaseUnavailable } from '#db/database-unavailable.ts';
import { openDatabaseUnderTest } from '#db/testing/tested-database.ts';
import { archiveRefs } from './archive-ref-store.ts';
import { blobArchives } from './blob-archives.ts';
import { LogCarrier } from './carry-logs.ts';
import { sweepArchives } from './sweep-archives.ts';

const DAY_MS = 24 * 3_600_000;

test('sealed logs are carried to the store; while it or the database is away they are read here, which is told once', async (t) => {
  const { logbook, blobs, refs, outage } = await openAll(t);
  const told: string[] = [];
  const report = (message: string) => void told.push(message);
  const carrier = new LogCarrier({ logbook, report, onReturn: () => told.push('back') });
  t.after(() => carrier.close());
  const settled = async () => {
    carrier.wake();
    await carrier.idle();
  };
  outage.blobs = new Error('HTTP 503');
  for (const id of ['log-1', 'log-2', 'log-3']) await makeSealed(logbook, id);
  // Their running form is removed in the background.
  while ((await logbook.sealedHere()).length < 3) await setImmediate();
  await settled();
  await settled();
  assert.equal((await logbook.sealedHere()).length, 3);
  outage.blobs = undefined;
  outage.refs = new DatabaseUnavailable('PostgreSQL is away');
  await settled();
  assert.deepEqual(told, ['sealed logs stay on this server, because their store is away']);
  assert.equal((await logbook.lines('log-3', 0)).length, 100);
  outage.refs = undefined;
  await settled();
  assert.deepEqual(told.slice(1), ['back']);
  assert.deepEqual(await logbook.sealedHere(), []);
  for (const id of ['log-1', 'log-2', 'log-3']) {
    assert.equal((await logbook.lines(id, 0)).length, 100);
    assert.match((await refs.find(id)) ?? '', new RegExp(`^logs/lo/${id}/`));
  }
  assert.equal((await keysOf(blobs)).length, 6 + 2, 'and those of the try whose name could not be kept');
});

test('a log that cannot be carried as it is is told once, not read again and again, and stops no other', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const tried: string[] = [];
  const told: string[] = [];
  const logbook = {
    sealedHere: async () => ['damaged', 'whole'],
    carry: async (logId: string) => {
      tried.push(logId);
      if (logId === 'damaged') throw new DamagedLog('block 3 is damaged');
    },
  };
  const carrier = new LogCarrier({ logbook, report: (what) => told.push(what), onReturn: assert.fail });
  await carrier.idle();
  const damaged = () => tried.filter((logId) => logId === 'damaged').length;
  const rounds = async (count: number) => {
    for (let round = 0; round < count; round += 1) {
      t.mock.timers.tick(5000);
      await carrier.idle();
    }
  };
  await rounds(719);
  assert.deepEqual([damaged(), tried.length - damaged()], [1, 720]);
  await rounds(1);
  assert.equal(damaged(), 2);
  assert.deepEqual(told, ['the log of build damaged stays on this server']);
  await carrier.close();
});

test('a round that takes long is one round, however often the time for the next one comes', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const { promise, resolve } = Promise.withResolvers<void>();
  let rounds = 0;
  const logbook = {
    sealedHere: async () => {
      rounds += 1;
      return ['slow'];
    },
    carry: () => promise,
  };
  const carrier = new LogCarrier({ logbook, report: assert.fail, onReturn: assert.fail });
  for (let time = 0; time < 100; time += 1) t.mock.timers.tick(5000);
  resolve();
  await carrier.idle();
  assert.equal(rounds, 1);
  await carrier.close();
});

test('a sweep removes what no log names once it is old, and nothing else', async (t) => {
  const { logbook, blobs, db, folder } = await openAll(t);
  await makeSealed(logbook, 'log-1');
  await logbook.carry('log-1');
  const named = await keysOf(blobs);
  const [orphan, index, young] = ['logs/lo/log-1/orphan.ndjson.gz', 'logs/xx/xx-1/orphan.idx', 'logs/xx/young.idx'];
  for (const key of [orphan, index, young]) await blobs.put(key, Readable.from(['x']), { limitBytes: 1 });
  const longAgo = new Date(Date.now() - 2 * DAY_MS);
  for (const key of [...named, orphan, index]) await utimes(join(folder, 'blobs', key), longAgo, longAgo);
  const sweep = () =>
    sweepArchives({ db, blobs, report: assert.fail }, { ageMs: DAY_MS, signal: new AbortController().signal });
  await sweep();
  assert.deepEqual(await keysOf(blobs), [...named, young].sort());
  await logbook.remove('log-1');
  assert.deepEqual(await keysOf(blobs), [young]);
});

test('a store has one instance: another one is refused, and so is a mark of another program', async (t) => {
  const { blobs } = await openAll(t);
  assert.equal(await readOwner(blobs), undefined);
  const one = { instanceId: 'cri-one', place: 's3://one' };
  await takeOwnership(blobs, one);
  await takeOwnership(blobs, one);
  await assert.rejects(
    takeOwnership(blobs, { ...one, instanceId: 'cri-two' }),
    (error) => error instanceof ForeignStore && /cri-one/.test(error.message),
  );
  assert.equal(await readOwner(blobs), 'cri-one');
  const mark = Buffer.from('not ours');
  await blobs.put('owner/instance.json', Readable.from([mark]), { limitBytes: mark.length });
  await assert.rejects(takeOwnership(blobs, one), ForeignStore);
});

async function openAll(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-carry-'));
  const db = await openDatabaseUnderTest();
  const outage: { blobs?: Error | undefined; refs?: Error | undefined } = {};
  const blobs = failing(diskBlobStore(join(folder, 'blobs')), ['put', 'get', 'head'], () => outage.blobs);
  const refs = failing(archiveRefs(db), ['keep'], () => outage.refs);
  const archives = blobArchives({ blobs, newId: randomUUID, answerLimitMs: 600_000 });
  const elsewhere = { archives, refs, indexBytes: 1_000_000, blockBytes: 0, onLeft: assert.fail };
  const logbook = await Logbook.open({ folder: join(folder, 'logs'), elsewhere });
  t.after(async () => {
    await logbook.close();
    await db.destroy();
    await rm(folder, { recursive: true });
  });
  return { folder, db, blobs, refs, logbook, outage };
}

/** The same with methods that fail while there is a reason. */
function failing<Store extends object>(
  store: Store,
  methods: readonly (keyof Store)[],
  why: () => Error | undefined,
): Store {
  const call =
    (name: keyof Store) =>
    async (...args: unknown[]) => {
      const error = why();
      if (error) throw error;
      return (store[name] as (...given: unknown[]) => Promise<unknown>)(...args);
    };
  return { ...store, ...Object.fromEntries(methods.map((name) => [name, call(name)])) };
}

async function makeSealed(logbook: Logbook, logId: string): Promise<void> {
  const writer = await logbook.create(logId);
  for (let line = 0; line < 100; line += 1) await writer.line(`line ${line}`);
  await writer.seal({ verdict: 'complete' });
}

async function keysOf(blobs: BlobStore): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of blobs.list('logs')) keys.push(key);
  return keys.sort();
}
