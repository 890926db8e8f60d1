import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import type { SqliteValue } from './copy-text.ts';

/** A table of the old database. */
export interface SourceTable {
  name: string;
  columns: readonly string[];
  /** The names of its key's columns, or of all columns if it has no key: what a row is called in messages. */
  key: readonly string[];
  /** The largest number that a row was ever given, of a table that numbers its rows; undefined for others. */
  lastNumber: bigint | undefined;
}

/** A row, and SQLite's number for it, in whose order rows are read. */
export interface SourceRow {
  rowId: bigint;
  values: SqliteValue[];
}

/** The table that says which archives of a store are logs. Those of the old folder are in none. */
export const STORED_LOGS = 'sealed_log';

/** Tables whose rows are only about the old server, or are made by the move. */
const NOT_MOVED = [STORED_LOGS, 'bucket_mark', 'duty', 'nonce', 'server_node', 'sign_in_attempt'];

/**
 * The database of a stopped server, which is only read: not even the files that SQLite makes beside a database are made. So there must
 * be no write-ahead log.
 */
export class SourceTables {
  readonly #db: DatabaseSync;

  constructor(file: string) {
    const url = pathToFileURL(file);
    url.searchParams.set('immutable', '1');
    this.#db = new DatabaseSync(url, { readOnly: true });
  }

  close(): void {
    this.#db.close();
  }

  migrations(): string[] {
    return this.#names('select name from kysely_migration order by name');
  }

  /** What SQLite finds damaged; empty for a sound database. */
  damage(): string[] {
    return this.#names('pragma quick_check(20)').filter((line) => line !== 'ok');
  }

  instanceId(): string | undefined {
    return this.#names('select instance_id from instance order by created_ms, instance_id limit 1')[0];
  }

  serverSecret(name: string): string | undefined {
    const row = this.#db.prepare('select sealed from server_secret where name = ?').get(name);
    return row === undefined ? undefined : String(row.sealed);
  }

  runningBuilds(): string[] {
    return this.#names("select build_record_id from build_record where status = 'BUILDING'");
  }

  /** The logs of builds and of conversions. */
  logIds(): string[] {
    return this.#names('select build_record_id from build_record union select task_id from acceleration_task');
  }

  /** The tables whose rows are moved: all but a few and those of the migrations, each after those that it refers to. */
  tables(): SourceTable[] {
    const names = this.#names(
      `select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' and name not like 'kysely_%'
        and name not in (${NOT_MOVED.map(() => '?').join()}) order by name`,
      ...NOT_MOVED,
    );
    const ordered = new Set<string>();
    const add = (name: string, path: readonly string[]) => {
      if (ordered.has(name)) return;
      if (path.includes(name)) throw new Error(`tables refer to each other: ${[...path, name].join(' → ')}`);
      for (const above of this.#names(`select "table" from pragma_foreign_key_list(?)`, name))
        if (above !== name) add(above, [...path, name]);
      ordered.add(name);
    };
    for (const name of names) add(name, []);
    return [...ordered].map((name) => this.#table(name));
  }

  /** The rows after one, in the order of SQLite's numbers; all rows without one. */
  *rows({ name, columns }: SourceTable, afterRowId?: bigint): Generator<SourceRow> {
    const statement = this.#db.prepare(
      `select rowid, ${columns.map(quoted).join()} from ${quoted(name)} ${afterRowId === undefined ? '' : 'where rowid > ?'} order by rowid`,
    );
    statement.setReadBigInts(true);
    statement.setReturnArrays(true);
    const rows = statement.iterate(...(afterRowId === undefined ? [] : [afterRowId]));
    for (const row of rows as unknown as Iterable<SqliteValue[]>) {
      const [rowId, ...values] = row;
      yield { rowId: rowId as bigint, values };
    }
  }

  #table(name: string): SourceTable {
    const columns = this.#names('select name from pragma_table_info(?) order by cid', name);
    const key = this.#names('select name from pragma_table_info(?) where pk > 0 order by pk', name);
    const statement = this.#db.prepare('select seq from sqlite_sequence where name = ?');
    statement.setReadBigInts(true);
    const seq = statement.get(name)?.seq as bigint | undefined;
    return { name, columns, key: key.length === 0 ? columns : key, lastNumber: seq };
  }

  #names(sql: string, ...parameters: string[]): string[] {
    return this.#db
      .prepare(sql)
      .all(...parameters)
      .map((row) => String(Object.values(row)[0]));
  }
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
