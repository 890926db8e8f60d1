import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { DatabaseWriter, openDatabase, openMemoryDatabase } from './database.ts';
import { NewerDataFolder } from './migrate.ts';

const INSTANCE = {
  instance_id: 'cri-1',
  name: 'a',
  region_id: 'local',
  status: 'RUNNING',
  created_ms: 1,
  modified_ms: 1,
};

test('a separate reader sees a write as soon as it is acknowledged', async (t) => {
  const db = await openFile(t);
  await db.insertInto('instance').values(INSTANCE).execute();
  const rows = await db.selectFrom('instance').selectAll().execute();
  assert.deepEqual(
    rows.map((row) => ({ ...row })),
    [INSTANCE],
  );
});

test('a transaction that throws leaves nothing behind, and others wait their turn in order', async (t) => {
  const db = await openFile(t);
  const failing = db.transaction().execute(async (tx) => {
    await tx.insertInto('instance').values(INSTANCE).execute();
    throw new Error('changed my mind');
  });
  const following = db
    .insertInto('instance')
    .values({ ...INSTANCE, instance_id: 'cri-2' })
    .execute();
  await assert.rejects(failing, /changed my mind/);
  await following;
  const rows = await db.selectFrom('instance').select('instance_id').execute();
  assert.deepEqual(
    rows.map((row) => row.instance_id),
    ['cri-2'],
  );
});

test('the writer keeps WAL with synchronous FULL', async (t) => {
  const file = await temporaryFile(t);
  const writer = await DatabaseWriter.start();
  const db = await openDatabase(file, writer);
  t.after(() => db.destroy());
  const { result } = await writer.send({ kind: 'execute', sql: 'pragma synchronous', parameters: [] });
  assert.equal(result?.rows[0]?.synchronous, 2);
  const mode = await writer.send({ kind: 'execute', sql: 'pragma journal_mode', parameters: [] });
  assert.equal(mode.result?.rows[0]?.journal_mode, 'wal');
});

test('a database of a newer version is refused and left unchanged', async (t) => {
  const file = await temporaryFile(t);
  const first = await openDatabase(file, await DatabaseWriter.start());
  await first.destroy();
  const raw = new DatabaseSync(file);
  raw.exec("insert into kysely_migration (name, timestamp) values ('9999-from-the-future', '2030')");
  raw.close();
  const writer = await DatabaseWriter.start();
  t.after(() => writer.stop());
  await assert.rejects(openDatabase(file, writer), NewerDataFolder);
});

test('the in-memory database has the same schema', async () => {
  const db = await openMemoryDatabase();
  await db.insertInto('instance').values(INSTANCE).execute();
  assert.equal((await db.selectFrom('instance').selectAll().execute()).length, 1);
  await db.destroy();
});

async function openFile(t: TestContext) {
  const db = await openDatabase(await temporaryFile(t), await DatabaseWriter.start());
  t.after(() => db.destroy());
  return db;
}

async function temporaryFile(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-db-'));
  t.after(() => rm(folder, { recursive: true }));
  return join(folder, 'slipway.sqlite');
}
