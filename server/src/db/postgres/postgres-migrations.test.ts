import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Kysely, type RawBuilder, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { MIGRATIONS } from '../migrate.ts';
import { SqliteConnection } from '../sqlite/sqlite-connection.ts';
import { sqliteDialect } from '../sqlite/sqlite-dialect.ts';
import { onlyOn } from '../testing/tested-database.ts';
import { makePostgresDatabase } from '../testing/tested-postgres.ts';
import { connect } from './open-postgres.ts';

const skip = onlyOn('postgres', 'runs with SLIPWAY_TEST_DATABASE=postgres, as in the long tier');

test('after each migration, both engines have the same tables, columns and indexes', { skip }, async () => {
  const { url } = await makePostgresDatabase('template0');
  await using made = connect(url, { max: 2, allowExitOnIdle: true });
  const postgres = made as unknown as Kysely<unknown>;
  const connection = new SqliteConnection(':memory:');
  await using sqlite = new Kysely<unknown>({
    dialect: sqliteDialect({
      read: (text, parameters) => connection.execute(text, parameters),
      write: async (text, parameters) => connection.execute(text, parameters),
      close: async () => connection.close(),
    }),
  });
  for (const name of Object.keys(MIGRATIONS)) {
    for (const db of [postgres, sqlite]) {
      const migrator = new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS } });
      const { error } = await migrator.migrateTo(name);
      assert.equal(error, undefined, `${name}: ${String(error)}`);
    }
    assert.deepEqual(await columnsOf(postgres, POSTGRES_COLUMNS), await columnsOf(sqlite, SQLITE_COLUMNS), name);
    assert.deepEqual(await indexesOf(postgres, POSTGRES_INDEXES), await indexesOf(sqlite, SQLITE_INDEXES), name);
  }
});

interface ColumnRow {
  table: string;
  column: string;
  type: string;
  required: number | boolean;
  isKey: number | boolean;
}

const TYPES: Readonly<Record<string, string>> = { integer: 'bigint', blob: 'bytea' };

async function columnsOf(db: Kysely<unknown>, query: RawBuilder<ColumnRow>): Promise<string[]> {
  const { rows } = await query.execute(db);
  return rows
    .map(({ table, column, type, required, isKey }) => {
      const known = type.toLowerCase();
      // SQLite does not call a column of the primary key required.
      return `${table}.${column} ${TYPES[known] ?? known} ${isKey ? 'key' : required ? 'required' : 'optional'}`;
    })
    .sort();
}

const SQLITE_COLUMNS = sql<ColumnRow>`
  select t.name as "table", c.name as "column", c.type, c."notnull" as required, c.pk > 0 as "isKey"
  from sqlite_master t, pragma_table_info(t.name) c
  where t.type = 'table' and t.name not like 'kysely_%' and t.name not like 'sqlite_%'`;

const POSTGRES_COLUMNS = sql<ColumnRow>`
  select t.relname as "table", c.attname as "column", format_type(c.atttypid, c.atttypmod) as type, c.attnotnull as required,
    exists (select from pg_index where indrelid = t.oid and indisprimary and c.attnum = any (indkey)) as "isKey"
  from pg_class t join pg_attribute c on c.attrelid = t.oid and c.attnum > 0 and not c.attisdropped
  where t.relkind = 'r' and t.relnamespace = 'public'::regnamespace and t.relname not like 'kysely_%'`;

interface IndexRow {
  table: string;
  name: string;
  isUnique: number | boolean;
  isMade: number | boolean;
  isPartial: number | boolean;
  place: number;
  column: string;
  isDescending: number | boolean;
}

/** Of the indexes that constraints make, the engines choose the names. The numbers of rows are no index in SQLite. */
async function indexesOf(db: Kysely<unknown>, query: RawBuilder<IndexRow>): Promise<string[]> {
  const { rows } = await query.execute(db);
  const columns = Map.groupBy(rows, ({ table, name }) => `${table} ${name}`);
  return [...columns.values()]
    .map((parts) => {
      const ordered = parts.toSorted((one, other) => one.place - other.place);
      const [{ table = '', name = '', isUnique, isMade, isPartial } = {}] = ordered;
      const listed = ordered.map(
        ({ column, isDescending }) => `${column.replaceAll('"', '')}${isDescending ? ' desc' : ''}`,
      );
      return `${table} ${isMade ? name : '-'} (${listed.join(', ')})${isUnique ? ' unique' : ''}${isPartial ? ' partial' : ''}`;
    })
    .filter((text) => !/ - \((sequence|id)\) unique$/.test(text))
    .sort();
}

const SQLITE_INDEXES = sql<IndexRow>`
  select t.name as "table", i.name, i."unique" as "isUnique", i.origin = 'c' as "isMade", i.partial as "isPartial", c.seqno as place,
    iif(lower(c.coll) = 'nocase', 'lower(' || c.name || ')', c.name) as "column", c."desc" as "isDescending"
  from sqlite_master t, pragma_index_list(t.name) i, pragma_index_xinfo(i.name) c
  where t.type = 'table' and t.name not like 'kysely_%' and t.name not like 'sqlite_%' and c.key`;

const POSTGRES_INDEXES = sql<IndexRow>`
  select t.relname as "table", i.relname as name, x.indisunique as "isUnique", x.indpred is not null as "isPartial", k as place,
    not exists (select from pg_constraint where conindid = x.indexrelid and contype in ('p', 'u')) as "isMade",
    pg_get_indexdef(x.indexrelid, k, true) as "column", x.indoption[k - 1] & 1 = 1 as "isDescending"
  from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class t on t.oid = x.indrelid,
    generate_series(1, x.indnkeyatts) k
  where t.relnamespace = 'public'::regnamespace and t.relname not like 'kysely_%'`;
