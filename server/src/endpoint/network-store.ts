import type { Database } from '#db/database.ts';
import { preparedRead } from '#db/prepared-read.ts';
import { countRows } from '#db/read-page.ts';
import { transaction } from '#db/transaction.ts';
import type { ModuleName } from './endpoint.ts';
import { linkExists, linkNotFound, tooManyLinks } from './errors.ts';
import { LINKS_LIMIT, type NetworkId } from './network.ts';

/** A link to a network, and whether the caller asked for a name in its private zone. */
export interface NetworkLink extends NetworkId {
  readonly wantsDns: boolean;
}

const readLinks = preparedRead(
  (db, instanceId: string, module: string) =>
    db
      .selectFrom('linked_network')
      .select(['vpc_id', 'vswitch_id', 'wants_dns'])
      .where('instance_id', '=', instanceId)
      .where('module_name', '=', module)
      .orderBy('sequence'),
  ['instance', 'module'],
);

/** The networks that a module of an instance is linked to, in the order of linking. */
export async function listNetworkLinks(db: Database, instanceId: string, module: ModuleName): Promise<NetworkLink[]> {
  const rows = await readLinks(db, instanceId, module);
  return rows.map((row) => ({ vpcId: row.vpc_id, vswitchId: row.vswitch_id, wantsDns: row.wants_dns === 1 }));
}

/** The number of links that the modules of an instance have to networks. */
export async function countNetworkLinks(db: Database, instanceId: string): Promise<number> {
  return countRows(db.selectFrom('linked_network').where('instance_id', '=', instanceId));
}

/**
 * Links a module of an instance to a network. Throws INSTANCE_ACCESS_ALREADY_EXIST and VPC_QUOTA_EXCEED, also for concurrent calls.
 */
export async function insertNetworkLink(
  db: Database,
  instanceId: string,
  module: ModuleName,
  link: NetworkLink,
): Promise<void> {
  await transaction(db, async (trx) => {
    const result = await trx
      .insertInto('linked_network')
      .values({
        instance_id: instanceId,
        module_name: module,
        vpc_id: link.vpcId,
        vswitch_id: link.vswitchId,
        wants_dns: link.wantsDns ? 1 : 0,
      })
      .onConflict((conflict) => conflict.columns(['instance_id', 'module_name', 'vpc_id', 'vswitch_id']).doNothing())
      .executeTakeFirst();
    if (result.numInsertedOrUpdatedRows !== 1n) throw linkExists();
    if ((await countNetworkLinks(trx, instanceId)) > LINKS_LIMIT) throw tooManyLinks(LINKS_LIMIT);
  });
}

/** Unlinks a network. Throws INSTANCE_ACCESS_NOT_EXIST. */
export async function removeNetworkLink(
  db: Database,
  instanceId: string,
  module: ModuleName,
  id: NetworkId,
): Promise<void> {
  const result = await db
    .deleteFrom('linked_network')
    .where('instance_id', '=', instanceId)
    .where('module_name', '=', module)
    .where('vpc_id', '=', id.vpcId)
    .where('vswitch_id', '=', id.vswitchId)
    .executeTakeFirst();
  if (result.numDeletedRows === 0n) throw linkNotFound();
}
