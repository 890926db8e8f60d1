import { DatabaseSync, type StatementSync } from 'node:sqlite';

/**
 * Woodpecker's design on SQLite: a row per line, WAL, `synchronous` FULL, which syncs at every commit; pages by keyset.
 */
export class SqliteRows {
  readonly #database: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #page: StatementSync;

  constructor(path: string) {
    this.#database = new DatabaseSync(path);
    this.#database.exec('pragma journal_mode = wal; pragma synchronous = full');
    this.#database.exec(
      'create table log_line (build integer, line integer, stage text, time integer, message text, primary key (build, line)) without rowid',
    );
    this.#insert = this.#database.prepare('insert into log_line values (?, ?, ?, ?, ?)');
    this.#page = this.#database.prepare(
      'select line as LineNumber, message as Message, stage as BuildStage from log_line where build = ? and line >= ? order by line limit 100',
    );
  }

  /** One transaction, durable when it returns. */
  append(build: number, firstLine: number, messages: readonly string[]): void {
    const timeMs = Date.now();
    this.#database.exec('begin immediate');
    messages.forEach((message, at) => {
      this.#insert.run(build, firstLine + at, 'GIT_CLONE', timeMs, message);
    });
    this.#database.exec('commit');
  }

  page(build: number, offset: number): string {
    return JSON.stringify(this.#page.all(build, offset + 1));
  }

  close(): void {
    this.#database.close();
  }
}
