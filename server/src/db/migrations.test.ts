import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Kysely, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { MIGRATIONS, numberOf, oldestThatRuns } from './migrate.ts';
import { SqliteConnection } from './sqlite/sqlite-connection.ts';
import { sqliteDialect } from './sqlite/sqlite-dialect.ts';

/** The first migration whose name says which servers still run on it. */
const FIRST_THAT_SAYS = 58;

test('each migration is numbered in turn, and names the oldest servers that still run on it', () => {
  for (const [index, name] of Object.keys(MIGRATIONS).entries()) {
    assert.equal(numberOf(name), index + 1, name);
    assert.match(name, index + 1 < FIRST_THAT_SAYS ? /^\d{4}-[a-z-]+$/ : /^\d{4}-[a-z-]+\.\d{4}$/);
    assert.ok(oldestThatRuns(name) <= index + 1, name);
  }
});

test('a migration on which earlier servers run leaves them every column, and asks for nothing that they do not write', async () => {
  for (const name of Object.keys(MIGRATIONS)) assert.deepEqual(await narrowed(MIGRATIONS, name), [], name);
});

test('a migration that takes something from earlier servers is found', async () => {
  const first: Migration = {
    up: async (db) => {
      await sql`create table build (id text primary key, status text not null, note text)`.execute(db);
      await sql`create table hook (id text primary key)`.execute(db);
    },
  };
  const after = (text: string) => ({
    '0001-first': first,
    '0002-second.0001': { up: async (db: Kysely<unknown>) => void (await sql.raw(text).execute(db)) },
  });
  const narrowedBy = (text: string) => narrowed(after(text), '0002-second.0001');
  assert.deepEqual(await narrowedBy('alter table build drop column note'), ['build.note is gone']);
  assert.deepEqual(await narrowedBy('drop table hook'), ['hook.id is gone']);
  assert.deepEqual(await narrowedBy('alter table build rename column note to text'), ['build.note is gone']);
  assert.deepEqual(await narrowedBy("alter table build add column kind text not null default 'x'"), []);
  assert.deepEqual(await narrowedBy('alter table build add column kind text'), []);
  assert.deepEqual(await narrowedBy('create table step (id text primary key, kind text not null)'), []);
  assert.deepEqual(await narrowedBy('create index build_status on build (status)'), []);
  assert.deepEqual(await narrowedBy('create unique index build_status on build (status)'), [
    'build has the unique index build_status',
  ]);
  const again =
    'drop table build; create table build (id text primary key, status integer not null, note text not null, at text not null)';
  const statements = again.split('; ').map((each) => sql.raw(each));
  const made = {
    ...after(''),
    '0002-second.0001': {
      up: async (db: Kysely<unknown>) => {
        for (const each of statements) await each.execute(db);
      },
    },
  };
  assert.deepEqual(await narrowed(made, '0002-second.0001'), [
    'build.status was text',
    'build.note is required',
    'build.at is required',
  ]);
});

interface ColumnRow {
  name: string;
  type: string;
  isAsked: number;
}

/** What a migration takes from the servers that it says still run on it. */
async function narrowed(migrations: Record<string, Migration>, name: string): Promise<string[]> {
  const connection = new SqliteConnection(':memory:');
  await using db = new Kysely<unknown>({
    dialect: sqliteDialect({
      read: (text, parameters) => connection.execute(text, parameters),
      write: async (text, parameters) => connection.execute(text, parameters),
      close: async () => connection.close(),
    }),
  });
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  const oldest = oldestThatRuns(name);
  const earlier = Object.keys(migrations).find((each) => numberOf(each) === oldest);
  assert.ok(earlier, `${name}: no migration has the number ${oldest}`);
  if (earlier === name) return [];
  const migrateTo = async (target: string) => assert.ifError((await migrator.migrateTo(target)).error);
  await migrateTo(earlier);
  const [columns, indexes] = [await columnsOf(db), await uniqueIndexesOf(db)];
  const tables = new Set([...columns.keys()].map((column) => column.split('.')[0]));
  await migrateTo(name);
  const [laterColumns, laterIndexes] = [await columnsOf(db), await uniqueIndexesOf(db)];
  const found: string[] = [];
  for (const [column, { type, isAsked }] of columns) {
    const later = laterColumns.get(column);
    if (later === undefined) found.push(`${column} is gone`);
    else if (later.type !== type) found.push(`${column} was ${type}`);
    else if (later.isAsked && !isAsked) found.push(`${column} is required`);
  }
  for (const [column, { isAsked }] of laterColumns)
    if (isAsked && !columns.has(column) && tables.has(column.split('.')[0])) found.push(`${column} is required`);
  for (const index of laterIndexes) if (!indexes.includes(index) && tables.has(index.split(' ')[0])) found.push(index);
  return found;
}

async function columnsOf(db: Kysely<unknown>): Promise<Map<string, ColumnRow>> {
  const { rows } = await sql<ColumnRow>`
    select t.name || '.' || c.name as name, lower(c.type) as type, c."notnull" and c.dflt_value is null as "isAsked"
    from sqlite_master t, pragma_table_info(t.name) c
    where t.type = 'table' and t.name not like 'kysely_%' and t.name not like 'sqlite_%'`.execute(db);
  return new Map(rows.map((row) => [row.name, row]));
}

async function uniqueIndexesOf(db: Kysely<unknown>): Promise<string[]> {
  const { rows } = await sql<{ text: string }>`
    select t.name || ' has the unique index ' || i.name as text from sqlite_master t, pragma_index_list(t.name) i
    where t.type = 'table' and i."unique" and i.origin = 'c'`.execute(db);
  return rows.map(({ text }) => text);
}
