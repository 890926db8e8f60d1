import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Client } from 'pg';
import { DatabaseUnavailable } from '../database-unavailable.ts';
import { onlyOn } from '../testing/tested-database.ts';
import { makePostgresDatabase } from '../testing/tested-postgres.ts';
import { DatabaseTaken, type SoleServerMeans } from './database-taken.ts';
import { UnfitDatabase } from './fit-database.ts';
import { postgresPool } from './postgres-pool.ts';
import { SoleServer } from './sole-server.ts';

const skip = onlyOn('postgres', 'runs with SLIPWAY_TEST_DATABASE=postgres, as in the long tier');

/** A database, and servers that take it. */
async function setUp(context: TestContext) {
  const { url } = await makePostgresDatabase('template0');
  const admin = new Client({ connectionString: url });
  await admin.connect();
  context.after(() => admin.end());
  return {
    url,
    admin,
    /** Breaks the connection that holds the database, as PostgreSQL does when it ends. */
    breakHold: () =>
      admin.query(
        `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and objid = 1 and granted
          and database = (select oid from pg_database where datname = current_database())`,
      ),
    take: async (nodeId: string, changes: Partial<SoleServerMeans> = {}) => {
      const server = await SoleServer.take({
        url,
        nodeId,
        host: 'machine',
        monotonicMs: () => performance.now(),
        onAway: () => undefined,
        onBack: () => undefined,
        onTaken: () => assert.fail('taken'),
        ...changes,
      });
      context.after(() => server.close());
      return server;
    },
  };
}

test('one server at a time has a database; the next is told which, and takes it once that one has given it up', {
  skip,
}, async (context) => {
  const { take } = await setUp(context);
  const first = await take('node-1');
  assert.ok(first.isHeld());
  await assert.rejects(take('node-2'), (error: Error) => {
    assert.ok(error instanceof DatabaseTaken);
    assert.match(
      error.message,
      /^the server node-1 on machine uses the database, since 20.*Z, and only one server can; /,
    );
    return true;
  });
  await first.close();
  assert.equal(first.isHeld(), false);
  assert.ok((await take('node-2')).isHeld());
});

test('a start waits for the connection of its own earlier life, which PostgreSQL may notice late', {
  skip,
}, async (context) => {
  const { take } = await setUp(context);
  const first = await take('node-1');
  const second = take('node-1');
  await first.close();
  assert.ok((await second).isHeld());
});

test('a server whose connection breaks has the database no more, until it takes it again', {
  skip,
}, async (context) => {
  const { take, breakHold } = await setUp(context);
  const away = Promise.withResolvers<void>();
  const back = Promise.withResolvers<void>();
  const server = await take('node-1', {
    onAway: () => {
      assert.equal(server.isHeld(), false);
      away.resolve();
    },
    onBack: () => back.resolve(),
  });
  await breakHold();
  await away.promise;
  await back.promise;
  assert.ok(server.isHeld());
  await assert.rejects(take('node-2'), DatabaseTaken);
});

test('what comes first when the database is back is tried until it succeeds, and no connection of before is used', {
  skip,
}, async (context) => {
  const { url, take, breakHold } = await setUp(context);
  let tries = 0;
  const back = Promise.withResolvers<void>();
  const server = await take('node-1', {
    onBack: async () => {
      tries += 1;
      if (tries < 3) throw new DatabaseUnavailable('not yet');
      back.resolve();
    },
  });
  const pool = postgresPool(url, {}, server);
  context.after(() => pool.end());
  const askWho = async () => {
    const client = await pool.connect();
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid', []);
    client.release();
    return rows[0]?.pid;
  };
  const before = await askWho();
  assert.equal(await askWho(), before);
  await breakHold();
  await back.promise;
  assert.equal(tries, 3);
  assert.notEqual(await askWho(), before);
});

test('a server that finds another one in its place is told so, and never has the database again', {
  skip,
}, async (context) => {
  const { take, admin } = await setUp(context);
  const taken = Promise.withResolvers<DatabaseTaken>();
  const server = await take('node-1', {
    onTaken: taken.resolve,
  });
  await admin.query("set application_name = 'slipway node-2 elsewhere'");
  // It waits for the lock before the server can ask for it again.
  await admin.query(`do $$ begin
    perform pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and objid = 1 and granted
      and database = (select oid from pg_database where datname = current_database());
    perform pg_advisory_lock(${0x736c_6970}, 1);
  end $$`);
  assert.match((await taken.promise).message, /^the server node-2 on elsewhere uses the database/);
  assert.equal(server.isHeld(), false);
});

test('nothing that an earlier server began is committed once the next one has the database', {
  skip,
}, async (context) => {
  const { url, take, admin, breakHold } = await setUp(context);
  await admin.query('create table note (text text)');
  const first = await take('node-1');
  // What the server has until it learns that its connection broke, as if it had been stopped meanwhile.
  const asleep = {
    poolName: first.poolName,
    term: first.term,
    isHeld: () => true,
    confirm: first.confirm.bind(first),
    onSilence: () => undefined,
  };
  const pool = postgresPool(url, {}, asleep);
  context.after(() => pool.end());
  const [writing, idle] = [await pool.connect(), await pool.connect()];
  await writing.query('begin', []);
  await writing.query("insert into note values ('begun')", []);
  await first.close();
  const back = Promise.withResolvers<void>();
  // Its own next life ends them as another server does.
  const second = await take('node-1', { onBack: () => back.resolve() });
  await assert.rejects(writing.query('commit', []), DatabaseUnavailable);
  await assert.rejects(idle.query("insert into note values ('idle')", []), DatabaseUnavailable);
  for (const client of [writing, idle]) client.release();
  await assert.rejects(pool.connect(), (error: Error) => {
    assert.match(String(error.cause), /does not hold the database any more/);
    return error instanceof DatabaseUnavailable;
  });
  assert.deepEqual((await admin.query('select * from note')).rows, []);
  const own = postgresPool(url, {}, second);
  context.after(() => own.end());
  const client = await own.connect();
  await client.query('begin', []);
  await client.query("insert into note values ('by the next one')", []);
  await breakHold();
  await back.promise;
  await client.query('commit', []);
  client.release();
  assert.equal((await admin.query('select * from note')).rows.length, 1, 'a server does not end its own');
});

test('a wrong login and a database that does not exist are mistakes that waiting does not fix', {
  skip,
}, async (context) => {
  const { url, take } = await setUp(context);
  for (const wrong of [url.replace(/\/t\w+\?/, '/nothing?'), url.replace('user=slipway', 'user=nobody')])
    await assert.rejects(take('node-1', { url: wrong }), UnfitDatabase);
});
