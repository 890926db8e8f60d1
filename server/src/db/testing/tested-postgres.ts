import { randomUUID } from 'node:crypto';
import { Client, type PoolConfig } from 'pg';
import type { Database } from '../database.ts';
import { connect, openPostgres } from '../postgres/open-postgres.ts';
import { startPostgres } from './postgres-server.ts';
import { runSql } from './run-sql.ts';
import { TEST_DATABASE } from './tested-database.ts';

/** A database of PostgreSQL that a test opens as often as it wants, until it has destroyed them all. */
export interface PostgresDatabase {
  url: string;
  open(settings?: PoolConfig): Database;
}

/** An empty database of PostgreSQL with the newest schema. It costs less to empty one that a test has left than to make one. */
export async function takePostgresDatabase(): Promise<PostgresDatabase> {
  const database = emptied.pop() ?? (await makePostgresDatabase(TEMPLATE));
  const { url } = database;
  let open = 0;
  return {
    url,
    open: (settings) => {
      open += 1;
      const db = connect(url, { max: 5, allowExitOnIdle: true, ...settings });
      const destroy = db.destroy.bind(db);
      let isGone = false;
      db.destroy = async () => {
        await destroy();
        if (isGone) return;
        isGone = true;
        open -= 1;
        if (open > 0) return;
        await database.empty();
        emptied.push(database);
      };
      return db;
    },
  };
}

interface MadeDatabase {
  url: string;
  empty(): Promise<unknown>;
}

const emptied: MadeDatabase[] = [];

/** A new database of PostgreSQL. */
export async function makePostgresDatabase(template: string): Promise<MadeDatabase> {
  const urlOf = await server();
  const name = `t${randomUUID().replaceAll('-', '')}`;
  await runSql(urlOf('postgres'), `create database ${name} template ${template}`);
  const url = urlOf(name);
  return { url, empty: () => runSql(url, EMPTY) };
}

/** The address of a new database with the newest schema and no rows. */
export async function makeMigratedDatabase(): Promise<string> {
  return (await makePostgresDatabase(TEMPLATE)).url;
}

/** Triggers that check foreign keys do not run, so the order of the tables does not matter. */
const EMPTY = `set session_replication_role = replica;
do $$ declare each text; begin
  for each in select tablename from pg_tables where schemaname = 'public' and tablename not like 'kysely_%' loop
    execute format('delete from %I', each);
  end loop;
  perform setval(format('%I', sequencename)::regclass, 1, false) from pg_sequences where schemaname = 'public';
end $$`;

const TEMPLATE = 'slipway_template';

let started: Promise<(database: string) => string> | undefined;

function server(): Promise<(database: string) => string> {
  started ??= startOrFind();
  return started;
}

async function startOrFind(): Promise<(database: string) => string> {
  const urlOf = TEST_DATABASE.includes(':')
    ? (database: string) => TEST_DATABASE.replace(':///postgres', `:///${database}`)
    : (await startPostgres()).urlOf;
  const client = new Client({ connectionString: urlOf('postgres') });
  await client.connect();
  try {
    // One of the processes that share the server makes it.
    await client.query('select pg_advisory_lock(1)');
    const { rows } = await client.query('select 1 from pg_database where datname = $1', [TEMPLATE]);
    if (rows.length === 0) {
      await client.query(`create database ${TEMPLATE} template template0`);
      await (await openPostgres(urlOf(TEMPLATE))).destroy();
    }
  } finally {
    await client.end();
  }
  return urlOf;
}
