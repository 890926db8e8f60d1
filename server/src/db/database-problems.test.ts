import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { databaseProblems } from './database-problems.ts';
import { onlyOn, openDatabaseUnderTest } from './testing/tested-database.ts';

const now = Date.now;

test('a database that can be used has no problems', async () => {
  await using db = await openDatabaseUnderTest();
  assert.deepEqual(await databaseProblems(db, { now }), []);
});

const skip = onlyOn('postgres', 'runs with SLIPWAY_TEST_DATABASE=postgres, as in the long tier');

test('a clock that differs by more than 5 seconds from the clock of the database is a problem', { skip }, async () => {
  await using db = await openDatabaseUnderTest();
  assert.deepEqual(await databaseProblems(db, { now: () => now() - 60_000 }), [
    'the clock of the database is 60 s ahead of the clock of this machine; set the one that is wrong',
  ]);
  const [behind] = await databaseProblems(db, { now: () => now() + 6_000 });
  assert.match(behind ?? '', /^the clock of the database is 6 s behind the clock of this machine; /);
  assert.deepEqual(await databaseProblems(db, { now: () => now() + 4_000 }), []);
});

test('a database that is away, or does not answer, is a problem that is told in time', { skip }, async () => {
  const { takePostgresDatabase } = await import('./testing/tested-postgres.ts');
  const database = await takePostgresDatabase();
  await using away = database.open({ host: '/nowhere', connectionString: undefined });
  assert.deepEqual(await databaseProblems(away, { now }), [
    'the database cannot be reached; the server tries again until it can',
  ]);
  await using db = database.open();
  // Reads wait for this lock.
  await db.transaction().execute(async (trx) => {
    await sql`lock table pg_database in access exclusive mode`.execute(trx);
    assert.deepEqual(await databaseProblems(db, { now, answerMs: 50 }), ['the database does not answer within 0.05 s']);
  });
});
