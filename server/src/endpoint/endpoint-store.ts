import type { Database } from '#db/database.ts';
import { preparedRead } from '#db/prepared-read.ts';
import { transaction } from '#db/transaction.ts';
import { type AclEntry, type Endpoint, type ModuleName, UNCHANGED_ENDPOINT } from './endpoint.ts';

const readRow = preparedRead(
  (db, instanceId: string, module: string) =>
    db
      .selectFrom('endpoint')
      .select(['enabled', 'entries'])
      .where('instance_id', '=', instanceId)
      .where('module_name', '=', module),
  ['instance', 'module'],
);

/** The public endpoint of a module of an instance. */
export async function readEndpoint(db: Database, instanceId: string, module: ModuleName): Promise<Endpoint> {
  const row = await readEndpointText(db, instanceId, module);
  if (!row) return UNCHANGED_ENDPOINT;
  return { enabled: row.enabled === 1, entries: JSON.parse(row.entries) as AclEntry[] };
}

/** The endpoint's stored text, for comparing it with an earlier read; undefined if nobody changed it. */
export async function readEndpointText(
  db: Database,
  instanceId: string,
  module: ModuleName,
): Promise<{ enabled: number; entries: string } | undefined> {
  const [row] = await readRow(db, instanceId, module);
  return row;
}

/** Changes an endpoint; concurrent changes are made one after the other. */
export async function changeEndpoint(
  db: Database,
  instanceId: string,
  module: ModuleName,
  change: (endpoint: Endpoint) => Endpoint,
): Promise<void> {
  await transaction(db, async (trx) => {
    const before = await readEndpoint(trx, instanceId, module);
    const after = change(before);
    if (after === before) return;
    const row = { enabled: after.enabled ? 1 : 0, entries: JSON.stringify(after.entries) };
    await trx
      .insertInto('endpoint')
      .values({ instance_id: instanceId, module_name: module, ...row })
      .onConflict((conflict) => conflict.columns(['instance_id', 'module_name']).doUpdateSet(row))
      .execute();
  });
}
