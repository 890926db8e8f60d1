import type { Kysely, Selectable } from 'kysely';
import { preparedRead } from '#db/prepared-read.ts';
import { type PageRange, readPage } from '#db/read-page.ts';
import type { InstanceTable, Tables } from '#db/schema/schema.ts';
import { instanceNotExist } from './errors.ts';
import type { Instance } from './instance.ts';
import { forgetLabels } from './known-labels.ts';

const readInstance = preparedRead(
  (db, instanceId: string) => db.selectFrom('instance').selectAll().where('instance_id', '=', instanceId),
  ['instance'],
);

const readGroup = preparedRead(
  (db, instanceId: string) =>
    db.selectFrom('instance_group').select('resource_group_id').where('instance_id', '=', instanceId),
  ['instance'],
);

// Nearly every call looks up an instance, and its row never changes or goes away once created.
const known = new WeakMap<Kysely<Tables>, Map<string, Instance>>();
const KNOWN_LIMIT = 1000;

/** The instance with this id, or undefined. */
export async function findInstance(db: Kysely<Tables>, instanceId: string): Promise<Instance | undefined> {
  const cached = known.get(db)?.get(instanceId);
  if (cached) return cached;
  const [row] = await readInstance(db, instanceId);
  if (!row) return undefined;
  const instance = fromRow(row);
  remember(db, instance);
  return instance;
}

/** The instance with this id. Throws `INSTANCE_NOT_EXIST`. */
export async function getInstance(db: Kysely<Tables>, instanceId: string): Promise<Instance> {
  const instance = await findInstance(db, instanceId);
  if (!instance) throw instanceNotExist(instanceId);
  return instance;
}

/** The oldest instance, which the server creates on its first start; undefined before that. */
export async function findFirstInstance(db: Kysely<Tables>): Promise<Instance | undefined> {
  const row = await db
    .selectFrom('instance')
    .selectAll()
    .orderBy('created_ms')
    .orderBy('instance_id')
    .limit(1)
    .executeTakeFirst();
  return row && fromRow(row);
}

/** Inserts an instance. Throws if its id is taken. */
export async function insertInstance(db: Kysely<Tables>, instance: Instance): Promise<void> {
  await db.insertInto('instance').values(toRow(instance)).execute();
}

/** Moves an instance into a resource group, from its previous one. */
export async function setResourceGroup(db: Kysely<Tables>, instanceId: string, resourceGroupId: string): Promise<void> {
  try {
    await db
      .insertInto('instance_group')
      .values({ instance_id: instanceId, resource_group_id: resourceGroupId })
      .onConflict((conflict) => conflict.column('instance_id').doUpdateSet({ resource_group_id: resourceGroupId }))
      .execute();
  } finally {
    forgetLabels(db);
  }
}

/** The resource group of an instance; undefined if it is in none. */
export async function readResourceGroup(db: Kysely<Tables>, instanceId: string): Promise<string | undefined> {
  const [row] = await readGroup(db, instanceId);
  return row?.resource_group_id;
}

/**
 * One page of the instances with this name, status and resource group (undefined matches any), oldest first, and their
 * total count.
 */
export async function listInstances(
  db: Kysely<Tables>,
  filter: { name?: string | undefined; status?: string | undefined; resourceGroupId?: string | undefined },
  page: PageRange,
): Promise<{ instances: Instance[]; totalCount: number }> {
  let query = db.selectFrom('instance');
  if (filter.name !== undefined) query = query.where('name', '=', filter.name);
  if (filter.status !== undefined) query = query.where('status', '=', filter.status);
  const { resourceGroupId } = filter;
  if (resourceGroupId !== undefined)
    query = query.where('instance_id', 'in', (eb) =>
      eb.selectFrom('instance_group').select('instance_id').where('resource_group_id', '=', resourceGroupId),
    );
  const ordered = query.selectAll().orderBy('created_ms').orderBy('instance_id');
  const { rows, total } = await readPage(ordered, page);
  return { instances: rows.map(fromRow), totalCount: total };
}

function remember(db: Kysely<Tables>, instance: Instance): void {
  const ofDatabase = known.get(db) ?? new Map<string, Instance>();
  if (ofDatabase.size >= KNOWN_LIMIT) ofDatabase.clear();
  known.set(db, ofDatabase.set(instance.instanceId, instance));
}

function fromRow(row: Selectable<InstanceTable>): Instance {
  return {
    instanceId: row.instance_id,
    name: row.name,
    regionId: row.region_id,
    status: row.status,
    createdMs: row.created_ms,
    modifiedMs: row.modified_ms,
  };
}

function toRow(instance: Instance): Selectable<InstanceTable> {
  return {
    instance_id: instance.instanceId,
    name: instance.name,
    region_id: instance.regionId,
    status: instance.status,
    created_ms: instance.createdMs,
    modified_ms: instance.modifiedMs,
  };
}
