import type { Database } from '#db/database.ts';
import { FIRST_INSTANCE_NAME } from '#instance/instance.ts';
import { findFirstInstance, insertInstance } from '#instance/instance-store.ts';
import type { Namespace } from '#namespace/namespace.ts';
import { ExitError } from '#process/exit-error.ts';
import { newId } from '#rpc/new-id.ts';
import type { RootAccount } from './root-account.ts';

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

/** Creates the instance that root.json names at the first start. Throws `ExitError` if the database has another one. */
export async function ensureInstance(db: Database, account: RootAccount, nowMs: number): Promise<void> {
  const first = await findFirstInstance(db);
  if (first?.instanceId === account.InstanceId) return;
  if (first)
    throw new ExitError(
      4,
      `root.json names the instance ${account.InstanceId}, but the database has ${first.instanceId}; put that InstanceId into root.json, or restore the file`,
    );
  await insertInstance(db, {
    instanceId: account.InstanceId,
    name: FIRST_INSTANCE_NAME,
    regionId: account.RegionId,
    status: 'RUNNING',
    createdMs: nowMs,
    modifiedMs: nowMs,
  });
}
