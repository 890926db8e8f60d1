import type { Database } from '#db/database.ts';
import { FIRST_INSTANCE_NAME } from '#instance/instance.ts';
import { findFirstInstance, insertInstance } from '#instance/instance-store.ts';
import type { Namespace } from '#namespace/namespace.ts';
import { newId } from '#rpc/new-id.ts';

/** Base images are in `library`, where a push creates the repository: `FROM debian` is `library/debian`. */
export function seedNamespace(instanceId: string, nowMs: number): Namespace {
  return {
    namespaceId: newId('crn'),
    instanceId,
    name: 'library',
    autoCreateRepo: true,
    defaultRepoType: 'PUBLIC',
    defaultTagImmutability: false,
    status: 'NORMAL',
    createdMs: nowMs,
    modifiedMs: nowMs,
  };
}

/** Creates the instance at the first start. */
export async function ensureInstance(
  db: Database,
  { InstanceId, RegionId }: { InstanceId: string; RegionId: string },
  nowMs: number,
): Promise<void> {
  if (await findFirstInstance(db)) return;
  await insertInstance(db, {
    instanceId: InstanceId,
    name: FIRST_INSTANCE_NAME,
    regionId: RegionId,
    status: 'RUNNING',
    createdMs: nowMs,
    modifiedMs: nowMs,
  });
}
