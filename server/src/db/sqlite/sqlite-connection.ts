import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { storable } from '../storable-text.ts';

/** The result of a statement: its rows and, for a write, the number of changed rows and the last row id. */
export interface StatementResult {
  rows: Record<string, unknown>[];
  changes: number;
  lastInsertRowid: number;
}

interface Prepared {
  statement: StatementSync;
  returnsRows: boolean;
}

const STATEMENT_CACHE_SIZE = 256;

/**
 * One SQLite connection with its prepared statements. Blocks the thread it runs on.
 *
 * WAL with synchronous FULL loses no committed write in a power cut
 * (https://www.sqlite.org/pragma.html#pragma_synchronous).
 */
export class SqliteConnection {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, Prepared>();

  constructor(file: string, options: { readOnly?: boolean } = {}) {
    this.#db = new DatabaseSync(file, { readOnly: options.readOnly ?? false, timeout: 10_000 });
    if (!options.readOnly) this.#db.exec('pragma journal_mode = wal');
    this.#db.exec('pragma synchronous = full; pragma foreign_keys = on');
  }

  /** Runs one statement with its parameters. Throws SQLite's error. */
  execute(sql: string, parameters: readonly unknown[]): StatementResult {
    // When the disk is full, SQLite rolls back by itself (https://www.sqlite.org/lang_transaction.html). Keep that error, not this one.
    if (sql === 'rollback' && !this.#db.isTransaction) return { rows: [], changes: 0, lastInsertRowid: 0 };
    const { statement, returnsRows } = this.#prepare(sql);
    const values = storable(parameters) as SQLInputValue[];
    if (returnsRows) {
      const rows = statement.all(...values) as Record<string, unknown>[];
      return { rows, changes: rows.length, lastInsertRowid: 0 };
    }
    const result = statement.run(...values);
    return { rows: [], changes: Number(result.changes), lastInsertRowid: Number(result.lastInsertRowid) };
  }

  /** The whole database as bytes, which `deserialize` of another connection takes. */
  serialize(): Uint8Array {
    return this.#db.serialize();
  }

  deserialize(bytes: Uint8Array): void {
    this.#db.deserialize(bytes);
  }

  close(): void {
    this.#statements.clear();
    this.#db.close();
  }

  #prepare(sql: string): Prepared {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#db.prepare(sql);
    const prepared = { statement, returnsRows: statement.columns().length > 0 };
    if (this.#statements.size >= STATEMENT_CACHE_SIZE) this.#statements.clear();
    this.#statements.set(sql, prepared);
    return prepared;
  }
}
