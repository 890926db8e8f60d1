import type { Compilable, CompiledQuery } from 'kysely';
import type { Database } from './database.ts';
import { directReadOf } from './direct-read.ts';
import { prepared } from './prepared-names.ts';

/**
 * A read that is built and compiled once for each database, for queries that every call makes. `build` gets the database and
 * a placeholder for each value, and must use each placeholder once and in order. The call's values replace them.
 */
export function preparedRead<const Values extends readonly string[], Row>(
  build: (db: Database, ...placeholders: Values) => Compilable<Row>,
  placeholders: Values,
): (db: Database, ...values: { [Index in keyof Values]: string }) => Promise<Row[]> {
  const compiled = new WeakMap<Database, CompiledQuery<Row>>();
  return async (db, ...values) => {
    let query = compiled.get(db);
    if (!query) {
      query = build(db, ...placeholders).compile();
      const order = JSON.stringify(query.parameters);
      if (order !== JSON.stringify(placeholders)) throw new Error(`a prepared read uses its values as ${order}`);
      prepared(query.sql);
      compiled.set(db, query);
    }
    // In a transaction, `db` is a different object, and its reads must use the transaction's connection.
    const read = directReadOf(db);
    if (read) return read(query.sql, values).rows as Row[];
    const { rows } = await db.executeQuery<Row>({ ...query, parameters: values });
    return rows;
  };
}
