import type { ExpressionBuilder, ExpressionWrapper, SqlBool } from 'kysely';
import type { Tables } from '#db/schema/schema.ts';

/** The current holder of a record. Each claim increases the epoch, so that earlier holders can no longer change the record. */
export interface LeaseHolder {
  buildRecordId: string;
  owner: string;
  epoch: number;
}

/**
 * The condition on `build_record` that the record runs and that this holder has it. It belongs in the statement that
 * writes for the holder: between a question and a write, another may take the record.
 */
export function heldBy({ buildRecordId, owner, epoch }: LeaseHolder) {
  return (eb: ExpressionBuilder<Tables, 'build_record'>): ExpressionWrapper<Tables, 'build_record', SqlBool> =>
    eb.and({ build_record_id: buildRecordId, lease_owner: owner, lease_epoch: epoch, status: 'BUILDING' });
}

/** The condition on `build_record` that one of these holders has it. */
export function heldByAny(holders: readonly LeaseHolder[]) {
  return (eb: ExpressionBuilder<Tables, 'build_record'>): ExpressionWrapper<Tables, 'build_record', SqlBool> =>
    eb.or(holders.map((holder) => heldBy(holder)(eb)));
}
