import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { openTwiceUnderTest } from '#db/testing/tested-database.ts';
import { LiveNodes } from './live-nodes.ts';

/** How often the event loop turns at most until a statement has ended. */
const MOST_TURNS = 20_000;

test('servers with one database count each other, and no longer those that closed or were not there for a minute', async (t) => {
  await using database = await openTwiceUnderTest();
  const [db, other] = database.both;
  const report = (message: string, error: unknown) => assert.fail(`${message}: ${error}`);
  t.mock.timers.enable({ apis: ['setInterval'] });
  const node = (nodeId: string) => ({ nodeId, host: 'machine', version: '1.0.0' });
  const first = new LiveNodes({ db, node: node('a'), report });
  await first.start();
  assert.equal(first.count(), 1);
  const second = new LiveNodes({ db: other, node: node('b'), report });
  await second.start();
  assert.equal(second.count(), 2);

  const beat = async (count: number) => {
    t.mock.timers.tick(10_000);
    for (let turns = 0; first.count() !== count && turns < MOST_TURNS; turns += 1) await turn();
    assert.equal(first.count(), count);
  };
  await beat(2);
  await second.close();
  await beat(1);
  const died = new LiveNodes({ db: other, node: node('c'), report });
  await died.start();
  await beat(2);
  const seen = await db.selectFrom('server_node').select('seen_ms').where('node_id', '=', 'c').executeTakeFirst();
  const ago = (ms: number) =>
    db
      .updateTable('server_node')
      .set({ seen_ms: (seen?.seen_ms ?? 0) - ms })
      .where('node_id', '=', 'c')
      .execute();
  await ago(60_001);
  // Its own timer would say that it is there.
  t.mock.timers.reset();
  const third = new LiveNodes({ db, node: node('d'), report });
  await third.start();
  assert.equal(third.count(), 2);
  await ago(86_400_001);
  await third.close();
  await third.start();
  const rows = await db.selectFrom('server_node').select('node_id').orderBy('node_id').execute();
  assert.deepEqual(
    rows.map(({ node_id }) => node_id),
    ['a', 'd'],
  );
  // None of them asks a database that is gone.
  for (const nodes of [first, died, third]) await nodes.close();
});

test('while the database is away, a server keeps its count and says so once', async (t) => {
  await using database = await openTwiceUnderTest();
  const [db] = database.both;
  t.mock.timers.enable({ apis: ['setInterval'] });
  const reports: string[] = [];
  const nodes = new LiveNodes({
    db,
    node: { nodeId: 'a', host: 'machine', version: '1.0.0' },
    report: (message) => reports.push(message),
  });
  await nodes.start();
  await db.schema.alterTable('server_node').renameTo('away').execute();
  for (let beats = 0; beats < 3; beats += 1) {
    t.mock.timers.tick(10_000);
    for (let turns = 0; turns < 50; turns += 1) await turn();
  }
  await db.schema.alterTable('away').renameTo('server_node').execute();
  assert.deepEqual([nodes.count(), reports.length], [1, 1]);
  await nodes.close();
});
