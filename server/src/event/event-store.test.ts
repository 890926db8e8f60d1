import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDatabaseUnderTest } from '#db/testing/tested-database.ts';
import {
  eventTransaction,
  insertEvent,
  listEvents,
  listUntakenOfTag,
  removeTakenEvents,
  takeEvents,
} from './event-store.ts';

const removed = (tag: string) => ({ repoId: 'crr-1', tag, digest: 'sha256:0', removedBy: 'me', why: 'deleted' });

test('gives each consumer what happened since its first read, in order, until it acknowledges it', async (context) => {
  const db = await openDatabaseUnderTest();
  context.after(() => db.destroy());
  const tagsOf = async (consumer: string, limit = 10) =>
    (await listEvents(db, consumer, limit)).map(({ body, sequence }) => ({ tag: 'tag' in body && body.tag, sequence }));
  await eventTransaction(db, (trx) => insertEvent(trx, 'tag_removed', removed('before'), 1));
  assert.deepEqual(await tagsOf('triggers'), []);
  for (const tag of ['a', 'b', 'c'])
    await eventTransaction(db, (trx) => insertEvent(trx, 'tag_removed', removed(tag), 2));
  const [first, second] = await tagsOf('triggers', 2);
  assert.deepEqual([first?.tag, second?.tag], ['a', 'b']);
  assert.deepEqual(await tagsOf('triggers', 2), [first, second]);
  await takeEvents(db, 'triggers', second?.sequence ?? 0);
  // A late acknowledgement takes nothing back.
  await takeEvents(db, 'triggers', first?.sequence ?? 0);
  assert.deepEqual(
    (await tagsOf('triggers')).map(({ tag }) => tag),
    ['c'],
  );
  assert.deepEqual(await tagsOf('metrics'), []);
});

test('removes an event when it is old and every consumer has taken it', async (context) => {
  const db = await openDatabaseUnderTest();
  context.after(() => db.destroy());
  await listEvents(db, 'slow', 1);
  await listEvents(db, 'fast', 1);
  for (const tag of ['a', 'b'])
    await eventTransaction(db, (trx) => insertEvent(trx, 'tag_removed', removed(tag), tag === 'a' ? 1 : 100));
  const [a, b] = await listEvents(db, 'fast', 10);
  await takeEvents(db, 'fast', b?.sequence ?? 0);
  await removeTakenEvents(db, 50);
  assert.equal((await listEvents(db, 'slow', 10)).length, 2);
  await takeEvents(db, 'slow', a?.sequence ?? 0);
  await removeTakenEvents(db, 50);
  assert.deepEqual(
    (await db.selectFrom('event').select('sequence').execute()).map(({ sequence }) => sequence),
    [b?.sequence],
  );
});

test('stores a text with a NUL character without it, and finds others beside it', async (context) => {
  const db = await openDatabaseUnderTest();
  context.after(() => db.destroy());
  await listEvents(db, 'sync', 1);
  const set = { repoId: 'crr-1', digest: 'sha256:0', mediaType: 'a\0b', origin: 'push', pushedBy: 'me' };
  for (const tag of ['a\0', 'b']) await eventTransaction(db, (trx) => insertEvent(trx, 'tag_set', { ...set, tag }, 1));
  const [found] = await listUntakenOfTag(db, 'sync', { repoId: 'crr-1', tag: 'b' });
  assert.equal(found?.mediaType, 'a\ufffdb');
  await db.insertInto('event').values({ kind: 'tag\0', time_ms: 1, body: '{}' }).execute();
  assert.deepEqual(
    (await db.selectFrom('event').select('kind').orderBy('sequence', 'desc').limit(1).execute()).map(
      ({ kind }) => kind,
    ),
    ['tag\ufffd'],
  );
});
