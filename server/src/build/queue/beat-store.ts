import type { Database } from '#db/database.ts';
import { leaseEnd } from '#db/lease-time.ts';
import { heldByAny, type LeaseHolder } from '../lease-holder.ts';

/** What the holder of running builds should do about them. */
export interface BuildOrders {
  /** Those to cancel, and the builds that supersede them. */
  cancelled: { buildRecordId: string; supersededBy: string | undefined }[];
  /** The ids of those that the holder no longer has. */
  lost: string[];
}

/** Tells holders which of their builds to cancel, and which they lost. If `leaseMs` is given, renews the leases of the others for that time. */
export async function beatBuilds(
  db: Database,
  holders: readonly LeaseHolder[],
  leaseMs: number | undefined,
): Promise<BuildOrders> {
  if (holders.length === 0) return { cancelled: [], lost: [] };
  const columns = ['build_record_id', 'cancel_requested', 'superseded_by'] as const;
  const rows =
    leaseMs === undefined
      ? await db.selectFrom('build_record').select(columns).where(heldByAny(holders)).execute()
      : await db
          .updateTable('build_record')
          .set({ lease_until_ms: leaseEnd(leaseMs) })
          .where(heldByAny(holders))
          .returning(columns)
          .execute();
  const held = new Set(rows.map((row) => row.build_record_id));
  return {
    cancelled: rows
      .filter((row) => row.cancel_requested === 1)
      .map((row) => ({ buildRecordId: row.build_record_id, supersededBy: row.superseded_by ?? undefined })),
    lost: holders.map(({ buildRecordId }) => buildRecordId).filter((buildRecordId) => !held.has(buildRecordId)),
  };
}
