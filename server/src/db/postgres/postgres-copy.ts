import type { Client, Connection, Submittable } from 'pg';

/*
 * COPY of PostgreSQL, the fastest way to write and to read many rows. `pg` hands a statement of this kind the messages of the
 * server (https://www.postgresql.org/docs/15/protocol-flow.html#PROTOCOL-COPY), and a client may not be in a pool meanwhile.
 */

/** What a connection of `pg` can do for COPY, which its types do not have. */
interface CopyConnection extends Connection {
  sendCopyFromChunk(bytes: Buffer): void;
  endCopyFrom(): void;
}

/** Runs `copy … from stdin` with these bytes. */
export function copyIn(client: Client, sql: string, bytes: Buffer): Promise<void> {
  return run(client, sql, {
    handleCopyInResponse: (connection) => {
      connection.sendCopyFromChunk(bytes);
      connection.endCopyFrom();
    },
  });
}

/** Runs `copy … to stdout`, and calls `take` with each row's text, which ends with a line feed. */
export function copyOut(client: Client, sql: string, take: (line: Buffer) => void): Promise<void> {
  let rest: Buffer = Buffer.alloc(0);
  return run(client, sql, {
    handleCopyData: ({ chunk }) => {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      let from = 0;
      for (let end = bytes.indexOf(LINE_FEED); end !== -1; end = bytes.indexOf(LINE_FEED, from)) {
        take(bytes.subarray(from, end + 1));
        from = end + 1;
      }
      rest = bytes.subarray(from);
    },
  });
}

/** A line feed in a value is escaped. */
const LINE_FEED = 10;

/** The messages that matter here. */
interface CopyHandlers {
  handleCopyInResponse(connection: CopyConnection): void;
  handleCopyData(message: { chunk: Buffer }): void;
}

function run(client: Client, sql: string, handlers: Partial<CopyHandlers>): Promise<void> {
  return new Promise((resolve, reject) => {
    let failure: unknown;
    const statement: Submittable & Record<string, unknown> = {
      submit: (connection: Connection) => {
        (connection as unknown as { query(text: string): void }).query(sql);
      },
      handleCopyInResponse: handlers.handleCopyInResponse ?? unexpected,
      handleCopyData: (message: { chunk: Buffer }) => {
        // An error that is thrown here would end the process.
        try {
          if (failure === undefined) (handlers.handleCopyData ?? unexpected)(message);
        } catch (error) {
          failure = error;
        }
      },
      handleCommandComplete: () => undefined,
      handleReadyForQuery: () => (failure === undefined ? resolve() : reject(failure)),
      handleError: (error: Error) => reject(error),
    };
    client.query(statement);
  });
}

function unexpected(): never {
  throw new Error('the server answered with another kind of COPY');
}
