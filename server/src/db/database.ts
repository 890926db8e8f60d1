import { Worker } from 'node:worker_threads';
import { Kysely } from 'kysely';
import { readDirectly } from './direct-read.ts';
import { migrate } from './migrate.ts';
import type { Tables } from './schema/schema.ts';
import { SqliteConnection, type StatementResult } from './sqlite/sqlite-connection.ts';
import { type SqliteThreads, sqliteDialect } from './sqlite/sqlite-dialect.ts';
import { LOADED_ID, type WriterReply, type WriterRequest } from './sqlite/sqlite-writer-messages.ts';

/** The database, as the nouns use it. */
export type Database = Kysely<Tables>;

/**
 * The thread that writes. It starts before privileges are dropped, because a thread reads its code when it starts, and it
 * opens its file afterwards.
 */
export class DatabaseWriter {
  readonly #worker = new Worker(new URL('./sqlite/sqlite-writer.ts', import.meta.url));
  readonly #waiting = new Map<number, PromiseWithResolvers<WriterReply>>();
  #lastId = LOADED_ID;

  /** Starts the thread and waits until its code is loaded and cached: Node's event `online` comes before that. */
  static async start(): Promise<DatabaseWriter> {
    const writer = new DatabaseWriter();
    await writer.#replyTo(LOADED_ID);
    return writer;
  }

  private constructor() {
    this.#worker.on('message', (reply: WriterReply) => {
      const waiting = this.#waiting.get(reply.id);
      this.#waiting.delete(reply.id);
      if (reply.error === undefined) waiting?.resolve(reply);
      else waiting?.reject(reply.error);
    });
    this.#worker.on('error', (error) => {
      for (const waiting of this.#waiting.values()) waiting.reject(error);
      this.#waiting.clear();
    });
  }

  async send(request: WriterMessage): Promise<WriterReply> {
    const id = ++this.#lastId;
    const reply = this.#replyTo(id);
    this.#worker.postMessage({ ...request, id });
    return reply;
  }

  async #replyTo(id: number): Promise<WriterReply> {
    const waiting = Promise.withResolvers<WriterReply>();
    this.#waiting.set(id, waiting);
    this.#worker.ref();
    try {
      return await waiting.promise;
    } finally {
      if (this.#waiting.size === 0) this.#worker.unref();
    }
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}

type WriterMessage = WriterRequest extends infer Request
  ? Request extends unknown
    ? Omit<Request, 'id'>
    : never
  : never;

/**
 * Opens the SQLite file and migrates it to the newest schema. Reads run on the calling thread, writes on `writer`.
 * Throws `NewerDataFolder` if a newer version wrote the file.
 */
export async function openDatabase(file: string, writer: DatabaseWriter): Promise<Database> {
  await writer.send({ kind: 'open', file });
  const reader = new SqliteConnection(file, { readOnly: true });
  const threads: SqliteThreads = {
    read: (sql, parameters) => reader.execute(sql, parameters),
    write: async (sql, parameters) => {
      const { result } = await writer.send({ kind: 'execute', sql, parameters });
      return result as StatementResult;
    },
    close: async () => {
      reader.close();
      await writer.send({ kind: 'close' });
      await writer.stop();
    },
  };
  return migrated(threads);
}

/** An in-memory database with the newest schema, on one connection, for tests of operations. */
export async function openMemoryDatabase(): Promise<Database> {
  const connection = new SqliteConnection(':memory:');
  const threads: SqliteThreads = {
    read: (sql, parameters) => connection.execute(sql, parameters),
    write: async (sql, parameters) => connection.execute(sql, parameters),
    close: async () => connection.close(),
  };
  if (newestSchema === undefined) {
    const db = await migrated(threads);
    newestSchema = connection.serialize();
    return db;
  }
  connection.deserialize(newestSchema);
  return opened(threads);
}

/** A process that runs a thousand tests migrates once. */
let newestSchema: Uint8Array | undefined;

async function migrated(threads: SqliteThreads): Promise<Database> {
  const db = opened(threads);
  try {
    await migrate(db);
    return db;
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

function opened(threads: SqliteThreads): Database {
  const db = new Kysely<Tables>({ dialect: sqliteDialect(threads) });
  readDirectly(db, threads.read);
  return db;
}
