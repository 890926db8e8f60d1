import type { StatementResult } from './sqlite-connection.ts';

/** The thread sends a reply with this id once its code is loaded. */
export const LOADED_ID = 0;

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
