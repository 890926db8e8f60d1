import { DatabaseSync } from 'node:sqlite';
import { KEY_CHECK } from '#db/schema/account-schema.ts';

/** An image as the database knows it: its manifest and the blobs that belong to it. */
export interface KnownImage {
  /** `namespace/name` */
  repository: string;
  digest: string;
  blobs: string[];
}

/**
 * Copies the database as it is at one moment, while the server continues to write. The copy is one file without a write-ahead log, and
 * has nothing of what was deleted.
 */
export function copyDatabase(file: string, copy: string): void {
  const db = new DatabaseSync(file, { readOnly: true, timeout: 10_000 });
  try {
    db.prepare('vacuum into ?').run(copy);
  } finally {
    db.close();
  }
}

/**
 * Removes from a copy what the server keeps for itself under the secrets key, for a backup without that key: the server of the
 * restored folder makes it again, with the key that it finds.
 */
export function forgetServerSecrets(copy: string): void {
  const db = new DatabaseSync(copy);
  try {
    const table = db.prepare("select 1 from sqlite_schema where type = 'table' and name = 'server_secret'").get();
    if (table === undefined) return;
    db.exec('delete from server_secret');
    db.prepare("insert into server_secret (name, sealed) values (?, '')").run(KEY_CHECK);
  } finally {
    db.close();
  }
}

/** A database that is only read, of this version or an earlier one. */
export class Snapshot {
  readonly #db: DatabaseSync;

  constructor(file: string) {
    this.#db = new DatabaseSync(file, { readOnly: true });
  }

  close(): void {
    this.#db.close();
  }

  migrations(): string[] {
    if (!this.#has('kysely_migration')) return [];
    return this.#column('select name from kysely_migration order by name');
  }

  /** What SQLite finds damaged; empty for a sound database. */
  damage(): string[] {
    return this.#column('pragma integrity_check(20)').filter((line) => line !== 'ok');
  }

  /** The logs that the database names, of builds and of conversions. */
  logIds(): Set<string> {
    const ids = this.#column('select build_record_id from build_record');
    if (this.#has('acceleration_task')) ids.push(...this.#column('select task_id from acceleration_task'));
    return new Set(ids);
  }

  /** The logs of ended builds that were not removed because of their age. */
  endedLogIds(): string[] {
    return this.#column(
      "select build_record_id from build_record where ended_ms is not null and log_expired_ms is null and status != 'PENDING'",
    );
  }

  /** Only for a database that has the table: see `hasImages`. */
  *images(): Generator<KnownImage> {
    const rows = this.#db.prepare(
      `select r.namespace_name || '/' || r.name as repository, m.digest, m.blobs
       from manifest m join repository r on r.repo_id = m.repo_id order by r.repo_id, m.digest`,
    );
    for (const row of rows.iterate() as Iterable<Record<'repository' | 'digest' | 'blobs', string>>)
      yield { ...row, blobs: (JSON.parse(row.blobs) as [string, number][]).map(([digest]) => digest) };
  }

  hasImages(): boolean {
    return this.#has('manifest');
  }

  #has(table: string): boolean {
    return this.#column("select name from sqlite_schema where type = 'table'").includes(table);
  }

  #column(sql: string): string[] {
    return this.#db
      .prepare(sql)
      .all()
      .map((row) => String(Object.values(row)[0]));
  }
}
