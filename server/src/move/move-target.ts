import { Client } from 'pg';
import { migrate } from '#db/migrate.ts';
import { refuseUnfit } from '#db/postgres/fit-database.ts';
import { connectToMigrate, MOVE_TABLE } from '#db/postgres/open-postgres.ts';
import { DATABASE_LOCK } from '#db/postgres/sole-server.ts';
import { MoveRefused } from './move-refused.ts';

/** What is moved, and where to: an interrupted move is continued only with the same. */
export interface MoveIdentity {
  instanceId: string;
  /** The SHA-256 of the old database: after a server has run on it, rows and files may be others. */
  databaseSha256: string;
  /** `s3://…` */
  bucket: string;
}

type TargetState = 'new' | 'continued' | 'complete';

interface OpenOptions {
  /** Whether an interrupted move begins again. */
  restart: boolean;
  /** Called before anything is written to an empty database. */
  beforeNew: () => Promise<void>;
}

const IDENTITY = 'identity';
const RESTART = 'run it with --restart, which begins again and keeps the files that are the same';
const EMPTY = 'drop it, and make an empty one';

/**
 * A database of PostgreSQL that rows are moved into. As long as the move is not complete, it has a table of its own, and no server starts on
 * it. The table says what was done, and each entry is written in one transaction with what it says.
 */
export class MoveTarget {
  readonly client: Client;
  /** Whether an earlier run has begun. */
  readonly isContinued: boolean;
  /** Whether the database has this instance already, because its move was completed. */
  readonly isComplete: boolean;

  private constructor(client: Client, state: TargetState) {
    this.client = client;
    this.isContinued = state === 'continued';
    this.isComplete = state === 'complete';
  }

  /**
   * Opens an empty database, or one that this was moved to before, as a whole or in part. Throws `MoveRefused` and errors of the
   * database.
   */
  static async open(url: string, identity: MoveIdentity, options: OpenOptions): Promise<MoveTarget> {
    const client = new Client({
      connectionString: url,
      application_name: 'slipway move',
      client_encoding: 'UTF8',
      keepAlive: true,
    });
    // An error between two statements fails the next one.
    client.on('error', () => undefined);
    await client.connect();
    try {
      await using migrating = connectToMigrate(url);
      await refuseUnfit(migrating);
      const state = await begin(client, identity, options);
      // One that is complete has the schema of the server that has used it since.
      if (state !== 'complete') await migrate(migrating);
      return new MoveTarget(client, state);
    } catch (error) {
      await client.end();
      throw error;
    }
  }

  /** What was noted of a part of the move. */
  async progress<State>(part: string): Promise<State | undefined> {
    return read<State>(this.client, part);
  }

  /** Does `work` and notes a part's state, both or nothing. */
  async note(part: string, state: object, work: () => Promise<void> = async () => undefined): Promise<void> {
    await inTransaction(this.client, async () => {
      await work();
      await write(this.client, part, state);
    });
  }

  /** From now on a server may start. */
  async complete(): Promise<void> {
    await this.client.query('set synchronous_commit = on');
    await this.client.query(`drop table ${MOVE_TABLE}`);
  }

  async close(): Promise<void> {
    await this.client.end();
  }
}

async function begin(
  client: Client,
  identity: MoveIdentity,
  { restart, beforeNew }: OpenOptions,
): Promise<TargetState> {
  // Until this connection ends.
  const { rows } = await client.query('select pg_try_advisory_lock($1, $2) as is_taken', [...DATABASE_LOCK]);
  if (rows[0]?.is_taken !== true)
    throw new MoveRefused(4, 'a server or another slipway move uses the database; stop it, or wait for its end');
  // What a crash of PostgreSQL undoes, it undoes together with the note of it.
  await client.query('set synchronous_commit = off');
  const { rows: tables } = await client.query<{ name: string }>(
    "select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f') order by 1",
  );
  const names = tables.map(({ name }) => name);
  if (names.includes(MOVE_TABLE)) {
    await continueMove(client, identity, restart);
    return 'continued';
  }
  if (names.length === 0) {
    await beforeNew();
    await inTransaction(client, async () => {
      await client.query(`create table ${MOVE_TABLE} (part text primary key, state text not null)`);
      await write(client, IDENTITY, identity);
    });
    return 'new';
  }
  if (!names.includes('instance') || !names.includes('kysely_migration'))
    throw new MoveRefused(
      2,
      `the database is not empty: it has the tables ${names.slice(0, 5).join(', ')}${names.length > 5 ? ', …' : ''}; name an empty one with --to`,
    );
  const { rows: instances } = await client.query<{ id: string }>(
    'select instance_id as id from instance order by created_ms',
  );
  if (instances.some(({ id }) => id === identity.instanceId)) return 'complete';
  throw new MoveRefused(
    2,
    instances.length === 0
      ? `the database is not empty: a server has made its tables; ${EMPTY}`
      : `the database belongs to another server, with the instance ${instances[0]?.id}; name an empty one with --to`,
  );
}

async function continueMove(client: Client, identity: MoveIdentity, restart: boolean): Promise<void> {
  const begun = await read<MoveIdentity>(client, IDENTITY);
  if (begun === undefined || begun.instanceId !== identity.instanceId)
    throw new MoveRefused(
      2,
      `the database has an unfinished move of another data folder, with the instance ${begun?.instanceId}; complete that one, or name another database with --to`,
    );
  if (begun.bucket !== identity.bucket)
    throw new MoveRefused(
      2,
      `the unfinished move in the database goes to the bucket ${begun.bucket}, not to ${identity.bucket}; name ${begun.bucket} with --bucket, or drop the database and make an empty one`,
    );
  if (restart) {
    await inTransaction(client, async () => {
      await client.query(`delete from ${MOVE_TABLE}`);
      await write(client, IDENTITY, identity);
    });
  } else if (begun.databaseSha256 !== identity.databaseSha256)
    throw new MoveRefused(
      4,
      `the data folder has changed since its move began, because a server ran on it; ${RESTART}`,
    );
}

async function read<State>(client: Client, part: string): Promise<State | undefined> {
  const { rows } = await client.query<{ state: string }>(`select state from ${MOVE_TABLE} where part = $1`, [part]);
  return rows[0] && (JSON.parse(rows[0].state) as State);
}

async function write(client: Client, part: string, state: object): Promise<void> {
  await client.query(
    `insert into ${MOVE_TABLE} (part, state) values ($1, $2) on conflict (part) do update set state = excluded.state`,
    [part, JSON.stringify(state)],
  );
}

async function inTransaction(client: Client, work: () => Promise<void>): Promise<void> {
  await client.query('begin');
  try {
    await work();
    await client.query('commit');
  } catch (error) {
    // Of two errors, the first one says why.
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}
