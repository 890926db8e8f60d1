import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { secretBox } from '#account/secret-box.ts';
import { openDatabaseUnderTest } from '#db/testing/tested-database.ts';
import type { Delivery } from '#delivery/delivery.ts';
import { insertDelivery, listDeliveries } from '#delivery/delivery-store.ts';
import { insertReceiver } from '#delivery/receiver-store.ts';
import { DeliveryEngine } from './delivery-engine.ts';
import { posting, startReceiver } from './testing/receiver.ts';

const MINUTE_MS = 60_000;

/** A database with receivers, and engines over it whose clock the test moves. */
async function startBench(context: TestContext) {
  const db = await openDatabaseUnderTest();
  const secrets = secretBox(randomBytes(32));
  const clock = { nowMs: 1_000_000_000, isPaused: false };
  const faults: unknown[] = [];
  const now = () => clock.nowMs;
  const engines: DeliveryEngine[] = [];
  const open = () => {
    const report = (message: string, error: unknown) => faults.push([message, error]);
    const engine = new DeliveryEngine({ db, secrets, now, isPaused: () => clock.isPaused, post: posting(now), report });
    engines.push(engine);
    return engine;
  };
  context.after(async () => {
    for (const engine of engines) await engine.close();
    await db.destroy();
    assert.deepEqual(faults, []);
  });
  let events = 0;
  return {
    db,
    secrets,
    clock,
    open,
    addReceiver: (receiverId: string, url: string) =>
      insertReceiver({ db, secrets }, { receiverId, url, secret: undefined }),
    async add(receiverId: string, ...tags: string[]) {
      await db.transaction().execute(async (trx) => {
        for (const tag of tags) {
          const occasion = { eventSequence: ++events, eventType: 'push', namespaceName: 'team', repoName: 'app', tag };
          const delivery = { ...occasion, deliveryId: `crd-${events}`, body: JSON.stringify(tag), sent: true };
          await insertDelivery(trx, receiverId, delivery, clock.nowMs);
        }
      });
    },
    /** The deliveries of a receiver, oldest first, once they have the expected state. */
    async until(receiverId: string, isSo: (rows: Delivery[]) => boolean) {
      for (;;) {
        const page = await listDeliveries(db, { receiverIds: [receiverId], withUntriggered: true }, { limit: 100 });
        const rows = page.reverse();
        if (isSo(rows)) return rows;
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    },
  };
}

const isOver = (rows: Delivery[]) => rows.every(({ state }) => state !== 'waiting');
const isTried = (times: number) => (rows: Delivery[]) => rows[0]?.attempts === times;

test('sends nothing while the server is paused, and what waits when it continues', async (context) => {
  const bench = await startBench(context);
  const receiver = await startReceiver(context, (response) => response.writeHead(200).end());
  await bench.addReceiver('crw-1', receiver.url);
  await bench.add('crw-1', 'a');
  bench.clock.isPaused = true;
  const engine = bench.open();
  // It has looked once it is closed.
  await engine.close();
  assert.equal(receiver.received.length, 0);
  const next = bench.open();
  bench.clock.isPaused = false;
  next.wake();
  await bench.until('crw-1', isOver);
  assert.equal(receiver.received.length, 1);
});

test('delivers every event in order to a receiver that was down, also across a restart of the server', async (context) => {
  const bench = await startBench(context);
  const state = { isDown: true };
  const receiver = await startReceiver(context, (response) => response.writeHead(state.isDown ? 503 : 200).end());
  await bench.addReceiver('crw-1', receiver.url);
  await bench.add('crw-1', 'a', 'b', 'c');
  const first = bench.open();
  await bench.until('crw-1', isTried(1));
  bench.clock.nowMs += MINUTE_MS;
  first.wake();
  await bench.until('crw-1', isTried(2));
  await first.close();
  bench.clock.nowMs += 9 * MINUTE_MS;
  state.isDown = false;
  bench.open();
  const rows = await bench.until('crw-1', isOver);
  assert.deepEqual(
    rows.map(({ tag, state: ended, status, failure }) => [tag, ended, status, failure]),
    [
      ['a', 'delivered', 200, undefined],
      ['b', 'delivered', 200, undefined],
      ['c', 'delivered', 200, undefined],
    ],
  );
  assert.deepEqual(
    receiver.received.map(({ body }) => body),
    ['"a"', '"a"', '"a"', '"b"', '"c"'],
  );
});

test('tries a dead receiver five times in 156 minutes, then gives up that event and those that waited as long', async (context) => {
  const bench = await startBench(context);
  const receiver = await startReceiver(context, (response) => response.writeHead(500).end());
  await bench.addReceiver('crw-1', receiver.url);
  await bench.add('crw-1', 'a', 'b');
  const engine = bench.open();
  const startMs = bench.clock.nowMs;
  for (const [index, minutes] of [0, 1, 6, 36].entries()) {
    bench.clock.nowMs = startMs + minutes * MINUTE_MS;
    engine.wake();
    await bench.until('crw-1', isTried(index + 1));
  }
  await bench.add('crw-1', 'later');
  bench.clock.nowMs = startMs + 156 * MINUTE_MS;
  engine.wake();
  const rows = await bench.until('crw-1', isTried(5));
  assert.deepEqual(
    rows.map(({ tag, state, attempts }) => [tag, state, attempts]),
    [
      ['a', 'failed', 5],
      ['b', 'failed', 0],
      ['later', 'waiting', 0],
    ],
  );
});

test('a slow receiver delays nobody else, and its host gets at most 16 requests at once', async (context) => {
  const bench = await startBench(context);
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const slow = await startReceiver(context, async (response) => {
    await released;
    response.end();
  });
  const quick = await startReceiver(context);
  for (let i = 0; i < 40; i++) {
    await bench.addReceiver(`slow-${i}`, slow.url);
    await bench.add(`slow-${i}`, 'a');
  }
  await bench.addReceiver('quick', quick.url);
  await bench.add('quick', 'a', 'b', 'c');
  bench.open();
  await bench.until('quick', isOver);
  await bench.until('quick', () => slow.received.length >= 16);
  assert.deepEqual([quick.received.length, slow.received.length], [3, 16]);
  release();
  for (let i = 0; i < 40; i++) await bench.until(`slow-${i}`, isOver);
  assert.equal(slow.received.length, 40);
});

/** Ten thousand in the long tier. */
const MANY = process.env.SLIPWAY_TEST_LONG === '1' ? 10_000 : 1000;

test('keeps many events for a dead receiver in the database, and reads one of them at a time', async (context) => {
  const bench = await startBench(context);
  const receiver = await startReceiver(context, (response) => response.writeHead(500).end());
  await bench.addReceiver('crw-1', receiver.url);
  await bench.add('crw-1', ...Array.from({ length: MANY }, (_, index) => `v${index}`));
  let read = 0;
  const counted = bench.db.withPlugin({
    transformQuery: ({ node }) => node,
    async transformResult({ result }) {
      read += result.rows.length;
      return result;
    },
  });
  const report = (message: string) => assert.fail(message);
  const engine = new DeliveryEngine({ ...bench, db: counted, now: () => bench.clock.nowMs, post: posting(), report });
  while (receiver.received.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await engine.close();
  assert.ok(read < 20, `${read} rows were read`);
});
