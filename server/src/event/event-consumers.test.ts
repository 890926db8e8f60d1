import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDatabaseUnderTest } from '#db/testing/tested-database.ts';
import type { EventConsumer } from './event-consumers.ts';
import { startEventConsumers } from './event-consumers.ts';
import { eventTransaction, insertEvent, listEvents } from './event-store.ts';

test('a consumer that fails does not hold up the others, and keeps its events', async (context) => {
  const db = await openDatabaseUnderTest();
  const taken: string[] = [];
  let check: () => void = () => undefined;
  const failing: EventConsumer = { name: 'failing', take: () => Promise.reject(new Error('inner')) };
  const working: EventConsumer = {
    name: 'working',
    take: async (_, { body }) => void taken.push('tag' in body ? body.tag : ''),
  };
  const faults: string[] = [];
  const events = await startEventConsumers({
    db,
    consumers: [failing, working],
    taken: () => check(),
    report: (_, error) => faults.push((error as Error).message),
  });
  context.after(async () => {
    await events.close();
    await db.destroy();
  });
  for (const [at, tag] of ['a', 'b'].entries()) {
    const isTaken = new Promise<void>((resolve) => {
      check = () => taken.length > at && resolve();
    });
    await eventTransaction(db, (trx) =>
      insertEvent(trx, 'tag_removed', { repoId: 'crr-1', tag, digest: 'd', removedBy: 'me', why: 'deleted' }, 1),
    );
    await isTaken;
  }
  assert.deepEqual([taken, faults[0]], [['a', 'b'], 'give events to failing']);
  assert.equal((await listEvents(db, 'failing', 10)).length, 2);
});
