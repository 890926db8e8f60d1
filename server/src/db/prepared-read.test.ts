import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openMemoryDatabase } from './database.ts';
import { preparedRead } from './prepared-read.ts';

const byNameAndStatus = preparedRead(
  (db, name: string, status: string) =>
    db.selectFrom('instance').select('instance_id').where('name', '=', name).where('status', '=', status),
  ['name', 'status'],
);

function row(id: string, name: string) {
  return { instance_id: id, name, region_id: 'local', status: 'RUNNING', created_ms: 1, modified_ms: 1 };
}

test('binds each call’s values to their placeholders, on any database, and sees earlier writes', async () => {
  await using one = await openMemoryDatabase();
  await using other = await openMemoryDatabase();
  await one
    .insertInto('instance')
    .values([row('a', 'x'), row('b', 'y')])
    .execute();
  const ids = async (db: typeof one, name: string) =>
    (await byNameAndStatus(db, name, 'RUNNING')).map(({ instance_id }) => instance_id);
  assert.deepEqual(await ids(one, 'x'), ['a']);
  assert.deepEqual(await ids(one, 'y'), ['b']);
  assert.deepEqual(await ids(other, 'x'), []);
  assert.deepEqual(await byNameAndStatus(one, 'RUNNING', 'x'), []);
});

test('a read in a transaction sees what the transaction wrote', async () => {
  await using db = await openMemoryDatabase();
  const seen = await db.transaction().execute(async (trx) => {
    await trx.insertInto('instance').values(row('a', 'x')).execute();
    return byNameAndStatus(trx, 'x', 'RUNNING');
  });
  assert.deepEqual(
    seen.map(({ instance_id }) => instance_id),
    ['a'],
  );
});

test('refuses a query that uses its values in a different order from the call', async () => {
  await using db = await openMemoryDatabase();
  const swapped = preparedRead(
    (where, name: string, status: string) =>
      where.selectFrom('instance').select('name').where('status', '=', status).where('name', '=', name),
    ['name', 'status'],
  );
  await assert.rejects(swapped(db, 'x', 'RUNNING'), /uses its values as \["status","name"\]/);
});
