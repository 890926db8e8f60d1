import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startPostgres } from '../testing/postgres-server.ts';
import { onlyOn, openDatabaseUnderTest } from '../testing/tested-database.ts';
import { connect } from './open-postgres.ts';
import { databaseFindings } from './postgres-findings.ts';

const skip = onlyOn('postgres', 'runs with SLIPWAY_TEST_DATABASE=postgres, as in the long tier');

test('a database without a synchronous standby is not called highly available, nor one that may lose what it acknowledged safe', {
  skip,
}, async () => {
  await using db = await openDatabaseUnderTest();
  const found = await databaseFindings(db);
  assert.deepEqual(
    found.map(({ what }) => what),
    [
      'the database does not wait for its disk, so a crash loses what was acknowledged',
      'the database is not highly available: if its machine is lost, so is what it has acknowledged',
    ],
  );
});

test('a standby that is named and does not follow is found, and so is a user who may create no tables', {
  skip,
}, async (t) => {
  const postgres = await startPostgres({ fsync: 'on', synchronous_commit: 'on', synchronous_standby_names: 'other' });
  t.after(() => postgres.stop());
  const admin = await postgres.connect('postgres', 'test');
  // Without a wait for the standby that is not there.
  await admin.query("set synchronous_commit = 'local'; create role plain login");
  await admin.end();
  await using db = connect(postgres.urlOf('postgres').replace(/user=\w+/, 'user=plain'));
  assert.deepEqual(
    (await databaseFindings(db)).map(({ what }) => what),
    [
      'the user of the database may not create tables, so the next version of Slipway could not start',
      'the database is not highly available: no standby of synchronous_standby_names (other) follows it, and writes wait for one',
    ],
  );
});

test('a database in the data folder has nothing to be found', { skip: onlyOn('sqlite', 'about SQLite') }, async () => {
  await using db = await openDatabaseUnderTest();
  assert.deepEqual(await databaseFindings(db), []);
});
