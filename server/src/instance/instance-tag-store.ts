import type { Database } from '#db/database.ts';
import { preparedRead } from '#db/prepared-read.ts';
import { transaction } from '#db/transaction.ts';
import { tooManyTags } from './errors.ts';
import type { InstanceTag } from './instance-tag.ts';
import { forgetLabels } from './known-labels.ts';

/** How many tags an instance may have, as the vendor's page says. */
const TAGS_LIMIT = 20;

const readTags = preparedRead(
  (db, instanceId: string) =>
    db.selectFrom('instance_tag').select(['key', 'value']).where('instance_id', '=', instanceId).orderBy('key'),
  ['instance'],
);

/** The tags of an instance, by key. */
export function readInstanceTags(db: Database, instanceId: string): Promise<InstanceTag[]> {
  return readTags(db, instanceId);
}

/**
 * Adds tags to instances, replacing those with the same keys: to all of them or none. Throws
 * QuotaExceed.TagsPerResource.
 */
export async function setInstanceTags(
  db: Database,
  instanceIds: readonly string[],
  tags: readonly InstanceTag[],
): Promise<void> {
  try {
    await transaction(db, async (trx) => {
      for (const instance_id of instanceIds) {
        for (const { key, value } of tags) {
          await trx
            .insertInto('instance_tag')
            .values({ instance_id, key, value })
            .onConflict((conflict) => conflict.columns(['instance_id', 'key']).doUpdateSet({ value }))
            .execute();
        }
        const { length } = await readInstanceTags(trx, instance_id);
        if (length > TAGS_LIMIT) throw tooManyTags(instance_id, length, TAGS_LIMIT);
      }
    });
  } finally {
    forgetLabels(db);
  }
}

/** Removes tags from instances: those with these keys, or all. */
export async function removeInstanceTags(
  db: Database,
  instanceIds: readonly string[],
  keys: readonly string[] | undefined,
): Promise<void> {
  let query = db.deleteFrom('instance_tag').where('instance_id', 'in', instanceIds);
  if (keys) query = query.where('key', 'in', keys);
  try {
    await query.execute();
  } finally {
    forgetLabels(db);
  }
}

/** The tags of these instances, or of all, by instance and key. */
export async function listInstanceTags(
  db: Database,
  instanceIds?: readonly string[],
): Promise<(InstanceTag & { instanceId: string })[]> {
  let query = db.selectFrom('instance_tag').selectAll();
  if (instanceIds) query = query.where('instance_id', 'in', instanceIds);
  const rows = await query.orderBy('instance_id').orderBy('key').execute();
  return rows.map((row) => ({ instanceId: row.instance_id, key: row.key, value: row.value }));
}
