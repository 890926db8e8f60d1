import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { databaseClockMs } from './engine.ts';

/*
 * Leases are measured by the database's clock: of several servers, one whose clock is wrong would lose its own leases, or take
 * those of others. Their holders measure how long they have one by their own monotonic clocks.
 */

/** When a lease ends that begins now. */
export function leaseEnd(leaseMs: number): RawBuilder<number> {
  return sql<number>`${databaseClockMs()} + ${sql.lit(leaseMs)}`;
}

/** Whether the lease in a column ended more than `forMs` ago. */
export function isLeaseOver(column: string, forMs = 0): RawBuilder<SqlBool> {
  return sql<SqlBool>`${sql.ref(column)} < ${databaseClockMs()} - ${sql.lit(forMs)}`;
}
