import { flushCompileCache } from 'node:module';
import { parentPort } from 'node:worker_threads';
import { SqliteConnection, type StatementResult } from './sqlite-connection.ts';

/** A request to the writer thread: open the file, run a statement, or close. */
export type WriterRequest =
  | { id: number; kind: 'open'; file: string }
  | { id: number; kind: 'execute'; sql: string; parameters: readonly unknown[] }
  | { id: number; kind: 'close' };

/** The writer's answer to the request with the same id. */
export interface WriterReply {
  id: number;
  result?: StatementResult;
  error?: unknown;
}

// Node keeps a thread's compiled code when the thread ends, but by then the server may no longer write it.
flushCompileCache();

let connection: SqliteConnection | undefined;

parentPort?.on('message', (request: WriterRequest) => {
  const reply: WriterReply = { id: request.id };
  try {
    if (request.kind === 'open') connection = new SqliteConnection(request.file);
    else if (request.kind === 'close') connection?.close();
    else if (connection) reply.result = connection.execute(request.sql, request.parameters);
    else throw new Error('the database is not open');
  } catch (error) {
    reply.error = error;
  }
  parentPort?.postMessage(reply);
});
