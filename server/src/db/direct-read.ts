/** Reads synchronously on the calling thread. */
export type DirectRead = (sql: string, parameters: readonly unknown[]) => { rows: Record<string, unknown>[] };

const directReads = new WeakMap<object, DirectRead>();

/** Lets prepared reads of a database bypass Kysely's connections, which a read does not need. */
export function readDirectly(db: object, read: DirectRead): void {
  directReads.set(db, read);
}

/** The direct read of a database; undefined in a transaction, where `db` is a different object. */
export function directReadOf(db: object): DirectRead | undefined {
  return directReads.get(db);
}
