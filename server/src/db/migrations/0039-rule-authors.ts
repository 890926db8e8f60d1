import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** The account itself, as the author of what was made before authors were stored. */
const ACCOUNT = JSON.stringify({
  requester: { kind: 'root', arn: '', accessKeyId: '' },
  right: { action: '', resource: '' },
});

/** Who made each rule or asked for each task, by whose rights it acts. */
export const ruleAuthors: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const table of [
      ...['lifecycle_rule', 'sync_rule', 'sync_task', 'subscription_rule', 'subscription_task'],
      ...['chain_version', 'scan_rule', 'scan', 'acceleration_rule', 'acceleration_task'],
      ...['repo_trigger', 'event_rule'],
    ])
      await db.schema
        .alterTable(table)
        .addColumn('author', 'text', (column) => column.notNull().defaultTo(ACCOUNT))
        .execute();
  },
};
