import { type DialectAdapter, PostgresAdapter, type RawBuilder, type SqlBool, sql } from 'kysely';

/** What runs a database. */
export type Engine = 'sqlite' | 'postgres';

/** The engine of a database, or of a transaction. */
export function engineOf(db: { getExecutor(): { adapter: DialectAdapter } }): Engine {
  return db.getExecutor().adapter instanceof PostgresAdapter ? 'postgres' : 'sqlite';
}

/** SQL that the engines write differently. The one that a query is compiled for takes its own text. */
export function perEngine<Value>(texts: Record<Engine, RawBuilder<Value>>): RawBuilder<Value> {
  const node = { ...texts.sqlite.toOperationNode(), postgres: texts.postgres.toOperationNode() };
  return sql<Value>`${{ toOperationNode: () => node }}`;
}

/** The database's clock in milliseconds since 1970: of several servers with one database, each has its own, which may be wrong. */
export function databaseClockMs(): RawBuilder<number> {
  return perEngine({
    sqlite: sql<number>`cast(unixepoch('subsec') * 1000 as integer)`,
    postgres: sql<number>`floor(extract(epoch from clock_timestamp()) * 1000)::bigint`,
  });
}

/** Whether a column's value contains a text. */
export function contains(column: string, text: string): RawBuilder<SqlBool> {
  return perEngine({
    sqlite: sql<SqlBool>`instr(${sql.ref(column)}, ${text}) > 0`,
    postgres: sql<SqlBool>`strpos(${sql.ref(column)}, ${text}) > 0`,
  });
}

/** A field of the JSON object in a column, as text. */
export function jsonField(column: string, field: string): RawBuilder<string | null> {
  return perEngine({
    sqlite: sql<string | null>`${sql.ref(column)} ->> ${sql.lit(`$.${field}`)}`,
    postgres: sql<string | null>`${sql.ref(column)}::json ->> ${sql.lit(field)}`,
  });
}

/** A text of which an index ignores the case of ASCII letters; PostgreSQL folds no others, because its database has the locale C. */
export function foldedCase(text: RawBuilder<unknown>): RawBuilder<string> {
  return perEngine({ sqlite: sql<string>`${text} collate nocase`, postgres: sql<string>`lower(${text})` });
}

/**
 * A table whose rows SQLite has to read by an index, because it would choose a worse one. PostgreSQL knows how many rows a value
 * has, and chooses by itself.
 */
export function readByIndex(table: string, index: string): RawBuilder<unknown> {
  return perEngine({
    sqlite: sql`${sql.ref(table)} indexed by ${sql.ref(index)}`,
    postgres: sql`${sql.ref(table)}`,
  });
}
