import type { Database } from '#db/database.ts';
import { isLeaseOver, leaseEnd } from '#db/lease-time.ts';

/** Takes or keeps a duty. False if another node has it, and its time is not over. */
export async function takeDuty(
  db: Database,
  duty: { name: string; nodeId: string; leaseMs: number },
): Promise<boolean> {
  const taken = { node_id: duty.nodeId, until_ms: leaseEnd(duty.leaseMs) };
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('duty')
    .values({ name: duty.name, ...taken })
    .onConflict((conflict) =>
      conflict
        .column('name')
        .doUpdateSet(taken)
        .where((eb) => eb.or([eb('duty.node_id', '=', duty.nodeId), isLeaseOver('duty.until_ms')])),
    )
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

/** Gives up a duty, if the node has it. */
export async function leaveDuty(db: Database, { name, nodeId }: { name: string; nodeId: string }): Promise<void> {
  await db.deleteFrom('duty').where('name', '=', name).where('node_id', '=', nodeId).execute();
}
