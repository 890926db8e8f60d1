import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { join } from 'node:path';
import { test } from 'node:test';
import { sql } from 'kysely';
import type { Database } from '../database.ts';
import { DatabaseUnavailable } from '../database-unavailable.ts';
import { NewerDataFolder } from '../migrate.ts';
import { preparedRead } from '../prepared-read.ts';
import { postgresFolder } from '../testing/postgres-server.ts';
import { onlyOn } from '../testing/tested-database.ts';
import { makePostgresDatabase, takePostgresDatabase } from '../testing/tested-postgres.ts';
import { retriedTransactions, transaction } from '../transaction.ts';
import { UnfitDatabase } from './fit-database.ts';
import { openPostgres } from './open-postgres.ts';
import { UnsafeNumber } from './postgres-pool.ts';

const skip = onlyOn('postgres', 'runs with SLIPWAY_TEST_DATABASE=postgres, as in the long tier');

const INSTANCE = { name: 'a', region_id: 'local', status: 'RUNNING', created_ms: 1, modified_ms: 1 };

test('a database with another locale than C is refused, with the statement that makes a right one', {
  skip,
}, async () => {
  const { url } = await makePostgresDatabase("template0 encoding 'UTF8' locale 'C.UTF-8'");
  await assert.rejects(openPostgres(url), (error: Error) => {
    assert.ok(error instanceof UnfitDatabase);
    assert.match(
      error.message,
      /another locale than C: .* create database "t\w+" template template0 encoding 'UTF8' locale 'C'$/,
    );
    return true;
  });
});

test('a database of a newer version is refused', { skip }, async () => {
  const { url } = await makePostgresDatabase('template0');
  const first = await openPostgres(url, { allowExitOnIdle: true });
  await sql`insert into kysely_migration (name, timestamp) values ('9999-from-the-future', '2030')`.execute(first);
  await first.destroy();
  await assert.rejects(openPostgres(url), NewerDataFolder);
});

test('integers, sums and averages are numbers, and one that would lose digits is an error', { skip }, async () => {
  await using db = (await takePostgresDatabase()).open();
  const { rows } = await sql`select 9007199254740991::int8 as large, sum(x) as sum, avg(x) as mean, count(*) as count
    from (values (1::int8), (2)) as v (x)`.execute(db);
  assert.deepEqual(rows, [{ large: Number.MAX_SAFE_INTEGER, sum: 3, mean: 1.5, count: 2 }]);
  for (const type of ['int8', 'numeric'])
    await assert.rejects(sql`select ${sql.raw(`9007199254740993::${type}`)}`.execute(db), UnsafeNumber);
  const columns = await sql`select 1 from information_schema.columns
    where table_schema = 'public' and data_type = 'integer'`.execute(db);
  assert.equal(columns.rows.length, 0, 'SQLite has integers of 64 bits');
});

test('a value is in no empty list, as on SQLite', { skip }, async () => {
  await using db = (await takePostgresDatabase()).open();
  await db
    .insertInto('instance')
    .values({ instance_id: 'cri-1', ...INSTANCE })
    .execute();
  const found = (operator: 'in' | 'not in') =>
    db.selectFrom('instance').select('instance_id').where('instance_id', operator, []).execute();
  assert.deepEqual([(await found('in')).length, (await found('not in')).length], [0, 1]);
});

test('a read that every call makes is sent and planned once for each connection', { skip }, async () => {
  await using db = (await takePostgresDatabase()).open();
  const read = preparedRead(
    (each, id: string) => each.selectFrom('instance').select('name').where('instance_id', '=', id),
    ['instance'],
  );
  for (const id of ['a', 'b', 'c']) assert.deepEqual(await read(db, id), []);
  const { rows } = await sql`select statement, generic_plans + custom_plans as runs from pg_prepared_statements
    where name like 'slipway-%'`.execute(db);
  assert.deepEqual(rows, [{ statement: 'select "name" from "instance" where "instance_id" = $1', runs: 3 }]);
});

test('two transactions that would undo each other both succeed, one of them at its next try', { skip }, async () => {
  await using db = (await takePostgresDatabase()).open();
  let retries = 0;
  const count = () => {
    retries += 1;
  };
  subscribe(retriedTransactions.name, count);
  let waiting = 0;
  const both = Promise.withResolvers<void>();
  const addIfEmpty = (id: string) =>
    transaction(db, async (trx) => {
      const { length } = await trx.selectFrom('instance').select('instance_id').execute();
      waiting += 1;
      if (waiting === 2) both.resolve();
      await both.promise;
      if (length === 0)
        await trx
          .insertInto('instance')
          .values({ instance_id: id, ...INSTANCE })
          .execute();
      return length;
    });
  assert.deepEqual((await Promise.all([addIfEmpty('a'), addIfEmpty('b')])).sort(), [0, 1]);
  assert.equal(retries, 1);
  unsubscribe(retriedTransactions.name, count);
});

test('a transaction that conflicts at each of its tries ends as one that may succeed later', { skip }, async () => {
  await using db = (await takePostgresDatabase()).open();
  await db
    .insertInto('instance')
    .values({ instance_id: 'a', ...INSTANCE })
    .execute();
  let tries = 0;
  const conflicting = transaction(db, async (trx) => {
    tries += 1;
    await trx.selectFrom('instance').selectAll().execute();
    await db.updateTable('instance').set({ modified_ms: tries }).execute();
    await trx.updateTable('instance').set({ modified_ms: 0 }).execute();
  });
  await assert.rejects(conflicting, DatabaseUnavailable);
  assert.equal(tries, 4);
});

test('a hundred transactions in turn succeed without a retry', { skip }, async () => {
  await using db = (await takePostgresDatabase()).open();
  await db
    .insertInto('instance')
    .values({ instance_id: 'a', ...INSTANCE })
    .execute();
  const fail = () => assert.fail('retried');
  subscribe(retriedTransactions.name, fail);
  const raise = async () =>
    transaction(
      db,
      async (trx) => {
        const { modified_ms } = await trx.selectFrom('instance').select('modified_ms').executeTakeFirstOrThrow();
        await trx
          .updateTable('instance')
          .set({ modified_ms: modified_ms + 1 })
          .execute();
      },
      { inTurn: 'a' },
    );
  await Promise.all(Array.from({ length: 100 }, raise));
  unsubscribe(retriedTransactions.name, fail);
  const { modified_ms } = await db.selectFrom('instance').select('modified_ms').executeTakeFirstOrThrow();
  assert.equal(modified_ms, 101);
});

test('a broken connection, a server that is away and a statement that takes too long are errors that may pass', {
  skip,
}, async () => {
  const database = await takePostgresDatabase();
  await using db = database.open();
  await using quick = database.open({ statement_timeout: 50 });
  await assert.rejects(sql`select pg_sleep(10)`.execute(quick), DatabaseUnavailable);
  await assert.rejects(sql`select pg_terminate_backend(pg_backend_pid())`.execute(db), DatabaseUnavailable);
  assert.equal((await sql`select 1`.execute(db)).rows.length, 1, 'the next statement gets another connection');
  await using away = database.open({ host: '/nowhere', connectionString: undefined });
  await assert.rejects(sql`select 1`.execute(away), DatabaseUnavailable);
  await assert.rejects(sql`select nothing`.execute(db), (error) => !(error instanceof DatabaseUnavailable));
});

test('a transaction whose connection is lost ends as one that may succeed later, also in turn, and the next one has its turn', {
  skip,
}, async () => {
  await using db = (await takePostgresDatabase()).open();
  const end = (trx: Database) => sql`select pg_terminate_backend(pg_backend_pid())`.execute(trx);
  await assert.rejects(transaction(db, end), DatabaseUnavailable);
  await assert.rejects(transaction(db, end, { inTurn: 'one' }), DatabaseUnavailable);
  assert.equal(await transaction(db, async () => 'done', { inTurn: 'one' }), 'done');
});

test('a read, and a transaction, whose connection was ended while nothing used it succeed on another one; a write outside is not repeated', {
  skip,
}, async () => {
  const database = await takePostgresDatabase();
  await using db = database.open({ max: 3 });
  /** Ends all connections before this process can notice it. */
  const endAll = async () => {
    await Promise.all([1, 2, 3].map(() => sql`select pg_sleep(0.05)`.execute(db)));
    const end =
      "select count(pg_terminate_backend(pid, 5000)) from pg_stat_activity where datname = current_database() and application_name = 'slipway'";
    const args = ['-d', database.url, '-XAtc', end];
    assert.equal(execFileSync(join(postgresFolder() ?? '', 'psql'), args, { encoding: 'utf8' }), '3\n');
  };
  const insert = (to: Database, id: string) =>
    to
      .insertInto('instance')
      .values({ instance_id: id, ...INSTANCE })
      .execute();
  const count = async () => (await db.selectFrom('instance').select('instance_id').execute()).length;
  await endAll();
  assert.equal(await count(), 0);
  await endAll();
  await transaction(db, (trx) => insert(trx, 'a'));
  await endAll();
  await transaction(db, (trx) => insert(trx, 'b'), { inTurn: 'b' });
  await endAll();
  await assert.rejects(insert(db, 'c'), DatabaseUnavailable);
  assert.equal(await count(), 2);
});
