import type { PostgresPool, PostgresPoolClient } from 'kysely';
import { type ClientBase, DatabaseError, Pool, type PoolClient, type PoolConfig, type QueryResult, types } from 'pg';
import { DatabaseUnavailable } from '../database-unavailable.ts';
import { preparedName } from '../prepared-names.ts';
import { storable } from '../storable-text.ts';

/** How long one statement may take. Those of the server take milliseconds; only migrations have no limit. */
const STATEMENT_MS = 30_000;
/** How long a transaction may do nothing: its server may be gone, and others wait for its locks. */
const IDLE_IN_TRANSACTION_MS = 30_000;
const CONNECT_MS = 10_000;
/** Beyond the limit that the server keeps: a network that is cut answers nothing. */
const NO_ANSWER_MS = 5_000;
const CONNECTIONS = 10;

/** Errors of the server by which the same statement may succeed later: https://www.postgresql.org/docs/15/errcodes-appendix.html */
const PASSING = new Set([
  // Shut down, crashed, or starting; disconnected as idle.
  ...['57P01', '57P02', '57P03', '57P05', '25P03'],
  // Took longer than it may, or waited too long for a lock.
  ...['57014', '55P03'],
  // A standby, or a primary that has become one.
  '25006',
]);
/** Classes of errors: the connection broke, or the server lacks disk, memory or connections. */
const PASSING_CLASSES = new Set(['08', '53']);

/** The right of one server to use a database. */
export interface DatabaseHold {
  /** The name of the connections of its pool. Another server that takes the database ends those that have others. */
  readonly poolName: string;
  /** Whether this server has the database, so far as it knows. */
  isHeld(): boolean;
  /** How often it took the database. What an earlier connection leads to may not be the primary any more. */
  readonly term: number;
  /** Asks PostgreSQL on a new connection of the pool. Throws unless this server has the database. */
  confirm(client: ClientBase): Promise<void>;
  /** Calls back each time when PostgreSQL has answered nothing for some seconds. */
  onSilence(act: () => void): void;
}

/** Connections of a server of PostgreSQL, as Kysely takes them; none while it does not hold the database, if `hold` is given. */
export function postgresPool(url: string, settings: PoolConfig = {}, hold?: DatabaseHold): PostgresPool {
  const limitMs = settings.statement_timeout ?? STATEMENT_MS;
  const terms = new WeakMap<ClientBase, number>();
  const confirm = async (client: ClientBase) => {
    const term = hold?.term ?? 0;
    await hold?.confirm(client);
    terms.set(client, term);
  };
  const pool = new Pool({
    connectionString: url,
    application_name: hold?.poolName ?? 'slipway',
    onConnect: confirm,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
    statement_timeout: limitMs,
    query_timeout: limitMs ? limitMs + NO_ANSWER_MS : 0,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    ...settings,
    types: { getTypeParser: parserOf as typeof types.getTypeParser },
  });
  // A connection that breaks between two statements fails the next one, or is replaced.
  pool.on('connect', (client) => client.on('error', () => undefined));
  pool.on('error', () => undefined);
  const waiting = new Set<(reason: Error) => void>();
  hold?.onSilence(() => {
    for (const giveUp of waiting) giveUp(new Error('the database does not answer'));
  });
  const connect = async (): Promise<PoolClient> => {
    if (hold?.isHeld() === false) throw new DatabaseUnavailable('the database is away');
    try {
      for (;;) {
        const client = await pool.connect();
        if (hold === undefined || terms.get(client) === hold.term) return client;
        client.release(true);
      }
    } catch (error) {
      throw new DatabaseUnavailable('connect to the database', { cause: error });
    }
  };
  return {
    options: pool.options,
    connect: async () => lend(await connect(), connect, waiting),
    end: () => pool.end(),
  };
}

/** Those that were used before, and may have been ended since then. */
const used = new WeakSet<PoolClient>();

/**
 * A connection until its release. If it was ended before its first statement, that statement is repeated on another one, unless it may
 * have changed something.
 */
function lend(
  first: PoolClient,
  connect: () => Promise<PoolClient>,
  waiting: Set<(reason: Error) => void>,
): PostgresPoolClient {
  let client: PoolClient | undefined = first;
  let isBroken = false;
  let isFirst = true;
  const query = async (sql: string, parameters: readonly unknown[]) => {
    const mayRepeat = isFirst && CHANGES_NOTHING.test(sql);
    isFirst = false;
    for (;;) {
      if (client === undefined) throw new DatabaseUnavailable('the connection to the database was ended');
      try {
        return await ask(client, sql, parameters, waiting);
      } catch (error) {
        if (!(error instanceof DatabaseUnavailable)) throw error;
        const { cause } = error;
        if (mayRepeat && used.has(client) && isEnd(cause)) {
          client.release(true);
          client = undefined;
          client = await connect();
          continue;
        }
        // One that may still have a turn ends it by ending itself.
        isBroken ||= !(cause instanceof DatabaseError) || cause.severity !== 'ERROR' || sql.includes('pg_advisory_');
        throw error;
      }
    }
  };
  return {
    query: query as unknown as PostgresPoolClient['query'],
    release: (destroy) => {
      if (client !== undefined) used.add(client);
      client?.release(destroy || isBroken);
    },
  };
}

/** One statement. Throws `DatabaseUnavailable` if the same may succeed later. What it waits for can be given up by `waiting`. */
async function ask(
  client: PoolClient,
  sql: string,
  parameters: readonly unknown[],
  waiting: Set<(reason: Error) => void>,
): Promise<QueryResult> {
  const { promise: givenUp, reject: giveUp } = Promise.withResolvers<never>();
  waiting.add(giveUp);
  try {
    const values = [...storable(parameters)];
    const name = preparedName(sql);
    const asked = client.query(name === undefined ? { text: sql, values } : { name, text: sql, values });
    return await Promise.race([asked, givenUp]);
  } catch (error) {
    if (error instanceof UnsafeNumber) throw error;
    const { code = '' } = error as DatabaseError;
    if (error instanceof DatabaseError && !PASSING.has(code) && !PASSING_CLASSES.has(code.slice(0, 2))) throw error;
    throw new DatabaseUnavailable('ask the database', { cause: error });
  } finally {
    waiting.delete(giveUp);
  }
}

/** Outside a transaction: it only reads, or begins one. A turn that is taken ends with its connection. */
const CHANGES_NOTHING = /^\s*(select|begin|start transaction)\b/i;

/** What the driver says of a connection that was ended. */
const ENDED = /^Connection terminated|is not queryable$/;
const ENDED_CODES = new Set(['ECONNRESET', 'EPIPE']);

/** Whether the other side ended the connection. */
function isEnd(error: unknown): boolean {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return error instanceof DatabaseError ? error.severity === 'FATAL' : ENDED.test(message) || ENDED_CODES.has(code);
}

/** A number of the database that has no exact value in JavaScript. */
export class UnsafeNumber extends RangeError {}

const NUMBERS: Readonly<Record<number, (text: string) => number>> = {
  // int8, and numeric, which sums and averages have.
  20: safeInteger,
  1700: (text) => (/^-?\d+$/.test(text) ? safeInteger(text) : Number(text)),
};

function parserOf(oid: number, format: 'text' | 'binary'): unknown {
  return (format === 'text' ? NUMBERS[oid] : undefined) ?? types.getTypeParser(oid, format);
}

function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new UnsafeNumber(`the database has the number ${text}, which is too large`);
  return value;
}
