import { sql } from 'kysely';
import type { Database } from '../database.ts';

/** Lets time pass for everything that has a lease, as if the database's clock had gone on. */
export async function passLeases(db: Database, passedMs: number): Promise<void> {
  for (const [table, column] of [
    ['build_record', 'lease_until_ms'],
    ['job', 'lease_until_ms'],
    ['duty', 'until_ms'],
  ] as const)
    await sql`update ${sql.table(table)} set ${sql.ref(column)} = ${sql.ref(column)} - ${sql.lit(passedMs)}`.execute(
      db,
    );
}
