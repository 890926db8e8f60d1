import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { DatabaseWriter, openDatabase, openMemoryDatabase } from './database.ts';
import { MIGRATIONS, NewerDataFolder } from './migrate.ts';

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

test('a database of a newer version is refused and left unchanged, unless its migrations say that this version still runs on it', async (t) => {
  const file = await temporaryFile(t);
  const own = Object.keys(MIGRATIONS).at(-1)?.slice(0, 4) ?? '';
  const openAfter = async (names: readonly string[]) => {
    const raw = new DatabaseSync(file);
    raw.exec("delete from kysely_migration where name > '9'");
    for (const name of names) raw.prepare("insert into kysely_migration values (?, '2030')").run(name);
    raw.close();
    const writer = await DatabaseWriter.start();
    t.after(() => writer.stop());
    const db = await openDatabase(file, writer);
    const rows = await db.selectFrom('instance').selectAll().execute();
    await db.destroy();
    return rows;
  };
  const first = await openDatabase(file, await DatabaseWriter.start());
  await first.insertInto('instance').values(INSTANCE).execute();
  await first.destroy();
  const refused = (unknown: readonly string[]) => (error: Error) => {
    assert.ok(error instanceof NewerDataFolder);
    assert.deepEqual(error.unknown, unknown);
    return true;
  };
  await assert.rejects(openAfter(['9998-widens.0001', '9999-narrows']), refused(['9999-narrows']));
  await assert.rejects(openAfter(['9998-widens.9997']), refused(['9998-widens.9997']));
  await assert.rejects(openAfter(['9999 is no name.0001']), refused(['9999 is no name.0001']));
  assert.equal((await openAfter([`9998-widens.${own}`, '9999-widens-more.0001'])).length, 1);
  const raw = new DatabaseSync(file);
  raw.exec(`delete from kysely_migration where name like '${own}-%'`);
  raw.close();
  await assert.rejects(openAfter(['9998-widens.0001']), refused(['9998-widens.0001']));
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
