import { type RawBuilder, type SqlBool, sql } from 'kysely';

/** Whether a column's value contains a text. */
export function contains(column: string, text: string): RawBuilder<SqlBool> {
  return sql<SqlBool>`instr(${sql.ref(column)}, ${text}) > 0`;
}
