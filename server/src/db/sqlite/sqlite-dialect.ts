import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { StatementResult } from './sqlite-connection.ts';

/** Where statements run: reads synchronously on the calling thread, everything else on the one writer. */
export interface SqliteThreads {
  read(sql: string, parameters: readonly unknown[]): StatementResult;
  write(sql: string, parameters: readonly unknown[]): Promise<StatementResult>;
  close(): Promise<void>;
}

/** Kysely's dialect over a reader and a writer of the same SQLite file. */
export function sqliteDialect(threads: SqliteThreads): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new SqliteDriver(threads),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

class SqliteDriver implements Driver {
  readonly #threads: SqliteThreads;
  readonly #writer = new Turn();

  constructor(threads: SqliteThreads) {
    this.#threads = threads;
  }

  async init(): Promise<void> {
    // The threads are open before the driver is created.
  }

  async acquireConnection(): Promise<ThreadedConnection> {
    return new ThreadedConnection(this.#threads, this.#writer);
  }

  beginTransaction(connection: ThreadedConnection): Promise<void> {
    return connection.begin();
  }

  commitTransaction(connection: ThreadedConnection): Promise<void> {
    return connection.end('commit');
  }

  rollbackTransaction(connection: ThreadedConnection): Promise<void> {
    return connection.end('rollback');
  }

  async releaseConnection(): Promise<void> {
    // A connection here is only a view of the two threads.
  }

  destroy(): Promise<void> {
    return this.#threads.close();
  }
}

class ThreadedConnection implements DatabaseConnection {
  readonly #threads: SqliteThreads;
  readonly #writer: Turn;
  #release: (() => void) | undefined;

  constructor(threads: SqliteThreads, writer: Turn) {
    this.#threads = threads;
    this.#writer = writer;
  }

  async begin(): Promise<void> {
    this.#release = await this.#writer.take();
    try {
      await this.#threads.write('begin immediate', []);
    } catch (error) {
      this.#leave();
      throw error;
    }
  }

  async end(statement: 'commit' | 'rollback'): Promise<void> {
    try {
      await this.#threads.write(statement, []);
    } finally {
      this.#leave();
    }
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    const { rows, changes, lastInsertRowid } = await this.#execute(query.sql, query.parameters, query.query.kind);
    return {
      rows: rows as Row[],
      numAffectedRows: BigInt(changes),
      insertId: BigInt(lastInsertRowid),
    };
  }

  // biome-ignore lint/correctness/useYield: Kysely's contract asks for a generator; this driver has nothing to stream.
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error('streaming a query is not implemented; page it by key');
  }

  async #execute(sql: string, parameters: readonly unknown[], kind: string): Promise<StatementResult> {
    if (this.#release) return this.#threads.write(sql, parameters);
    if (kind === 'SelectQueryNode') return this.#threads.read(sql, parameters);
    const release = await this.#writer.take();
    try {
      return await this.#threads.write(sql, parameters);
    } finally {
      release();
    }
  }

  #leave(): void {
    this.#release?.();
    this.#release = undefined;
  }
}

/** Gives the one writer to one user at a time, in the order of requests. */
class Turn {
  #last: Promise<void> = Promise.resolve();

  take(): Promise<() => void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const taken = this.#last.then(() => resolve);
    this.#last = promise;
    return taken;
  }
}
