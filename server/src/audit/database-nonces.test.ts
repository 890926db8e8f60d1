import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Database } from '#db/database.ts';
import { DatabaseUnavailable } from '#db/database-unavailable.ts';
import { connect } from '#db/postgres/open-postgres.ts';
import { onlyOn, openDatabaseUnderTest, openTwiceUnderTest } from '#db/testing/tested-database.ts';
import { DatabaseNonces } from './database-nonces.ts';
import { testNonces } from './nonces.contract.ts';

const skip = onlyOn('postgres', 'runs with SLIPWAY_TEST_DATABASE=postgres, as in the long tier');
const open = (db: Database, now: () => number, limit?: number) =>
  new DatabaseNonces({ db, now, onFault: assert.ifError, ...(limit === undefined ? {} : { limit }) });

if (skip === false)
  testNonces('PostgreSQL', async (t) => {
    const db = await openDatabaseUnderTest();
    t.after(() => db.destroy());
    return {
      open: ({ now, limit }) => open(db, now, limit),
      lose: async () => void (await sql`truncate nonce`.execute(db)),
    };
  });

test('of the uses of a nonce at two servers at once, exactly one is new, in whatever order they arrive', {
  skip,
}, async () => {
  await using database = await openTwiceUnderTest();
  const servers = database.both.map((db) => open(db, () => 0));
  const names = Array.from({ length: 200 }, (_, at) => `n${at}`);
  for (let round = 0; round < 10; round += 1) {
    const uses = await Promise.all(
      servers.map((nonces, at) => {
        const order = at === 0 ? names : names.toReversed();
        return Promise.all(order.map(async (name) => ({ name, use: await nonces.use(`key${round}`, name, 0) })));
      }),
    );
    const fresh = uses.flat().filter(({ use }) => use === 'new');
    assert.equal(new Set(fresh.map(({ name }) => name)).size, names.length);
    assert.equal(fresh.length, names.length);
    assert.ok(uses.flat().every(({ use }) => use === 'new' || use === 'used'));
  }
  for (const nonces of servers) await nonces.close();
});

test('two servers that find an emptied table write one time, which both then keep to', { skip }, async () => {
  await using database = await openTwiceUnderTest();
  const [one, other] = database.both;
  const servers = [open(one, () => 100_000), open(other, () => 200_000)] as const;
  await Promise.all(servers.map((nonces) => nonces.use('a', 'n', 300_000)));
  const answers = await Promise.all(servers.map((nonces) => nonces.use('a', 'm', 1)));
  assert.deepEqual(answers[0], answers[1]);
  assert.match(JSON.stringify(answers[0]), /^{"notBeforeMs":[12]00000}$/);
  for (const nonces of servers) await nonces.close();
});

test('a copy of the table in another one, and a table that a crash emptied, refuse earlier time stamps', {
  skip,
}, async (t) => {
  const db = await openDatabaseUnderTest();
  t.after(() => db.destroy());
  let nowMs = 1000;
  const nonces = open(db, () => nowMs);
  assert.equal(await nonces.use('a', 'n', 1000), 'new');
  // Until old ones are removed.
  await nonces.close();
  const { rows } = await sql`select relpersistence from pg_class where oid = 'nonce'::regclass`.execute(db);
  assert.deepEqual(rows, [{ relpersistence: 'u' }], 'the database empties it after a crash');
  await sql`create unlogged table restored (like nonce including all)`.execute(db);
  await sql`insert into restored select * from nonce`.execute(db);
  await sql`drop table nonce`.execute(db);
  await sql`alter table restored rename to nonce`.execute(db);
  nowMs = 2000;
  assert.deepEqual(await nonces.use('a', 'm', 1000), { notBeforeMs: 2000 });
  await nonces.close();
});

test('all uses of a turn are one statement, and those that come while it runs are the next', { skip }, async (t) => {
  const db = await openDatabaseUnderTest();
  t.after(() => db.destroy());
  let statements = 0;
  const counting = db.withPlugin({
    transformQuery: ({ node }) => node,
    transformResult: async ({ result }) => {
      statements += 1;
      return result;
    },
  });
  const nonces = open(counting, () => 1000);
  await nonces.use('a', 'first', 1000);
  // Until old ones are removed.
  await nonces.close();
  statements = 0;
  const uses = Array.from({ length: 100 }, (_, at) => nonces.use('a', `n${at}`, 1000));
  await turn();
  await turn();
  uses.push(...Array.from({ length: 100 }, (_, at) => nonces.use('a', `m${at}`, 1000)));
  assert.ok((await Promise.all(uses)).every((use) => use === 'new'));
  assert.equal(statements, 2);
  await nonces.close();
});

test('a call that comes alone waits for no others, even shortly after many came together', { skip }, async (t) => {
  const db = await openDatabaseUnderTest();
  t.after(() => db.destroy());
  const nonces = open(db, () => 1000);
  const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
  await Promise.all(Array.from({ length: 50 }, (_, at) => nonces.use('a', `n${at}`, 1000)));
  await sleep(20);
  const before = timers();
  const alone = nonces.use('a', 'alone', 1000);
  assert.equal(timers(), before, 'it waits for no timer');
  assert.equal(await alone, 'new');
  await nonces.close();
});

test('old nonces are removed some at a time, also if one of the clocks is ahead', { skip }, async (t) => {
  const db = await openDatabaseUnderTest();
  t.after(() => db.destroy());
  const nowMs = Date.now();
  const fill = (from: number, endMs: number) =>
    sql`insert into nonce (nonce_key, end_ms)
      select 'n' || i, ${endMs}::bigint from generate_series(${from}::int, ${from + 11_999}::int) i`.execute(db);
  await fill(0, nowMs - 60_000);
  await fill(20_000, nowMs + 600_000);
  const ahead = open(db, () => nowMs + 3_600_000);
  await ahead.use('a', 'n', nowMs + 3_600_000);
  await ahead.close();
  const { rows } = await sql`select count(*) as count from nonce where nonce_key like 'n%'`.execute(db);
  assert.deepEqual(rows, [{ count: 12_000 }]);
});

test('a nonce is not accepted while the database is away', async () => {
  await using db = connect('postgresql:///away?host=/nowhere');
  const nonces = open(db, Date.now);
  await assert.rejects(nonces.use('a', 'n', Date.now()), DatabaseUnavailable);
  await nonces.close();
});
