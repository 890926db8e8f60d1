import { flushCompileCache } from 'node:module';
import { parentPort } from 'node:worker_threads';
import { SqliteConnection } from './sqlite-connection.ts';
import { LOADED_ID, type WriterReply, type WriterRequest } from './sqlite-writer-messages.ts';

// Node keeps a thread's compiled code when the thread ends, but by then the server may no longer write it.
flushCompileCache();
parentPort?.postMessage({ id: LOADED_ID } satisfies WriterReply);

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
