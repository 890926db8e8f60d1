import type { CopySource, CopyTarget } from '#registry/copy/copy-ends.ts';
import { foreignTarget } from '#registry/copy/foreign-copy.ts';
import { type OwnCopyMeans, ownSource, ownTarget } from '#registry/copy/own-copy.ts';
import type { ForeignAccess } from '#registry/foreign/foreign-registry.ts';
import { RegistryError } from '#registry/foreign/registry-error.ts';
import { ensureForPush } from '#repository/auto-create.ts';
import type { Means } from '#rpc/context.ts';
import type { SyncTask } from '#sync/sync.ts';
import { peerLogin } from './peer-login.ts';
import type { TargetSettings } from './target-settings.ts';

/** What finding the source and target of a copy needs. */
export interface SyncPlacesMeans {
  means: Pick<Means, 'db' | 'now' | 'newId' | 'quotas' | 'regionId' | 'accountId' | 'noteDecision'>;
  own: OwnCopyMeans;
  targets: readonly TargetSettings[];
  /** How to reach the hosts of a target, which the operator chose, and other hosts that they refer to. */
  access(target: TargetSettings): Pick<ForeignAccess, 'pin' | 'authorities'>;
}

/** Opens the source and the target of a task. Throws RegistryError for a target that cannot receive copies. */
export async function openPlaces(
  { means, own, targets, access }: SyncPlacesMeans,
  { from, to, path, askedBy }: SyncTask,
  signal: AbortSignal,
): Promise<{ source: CopySource; target: CopyTarget }> {
  const source = ownSource(own, { namespaceName: from.namespaceName, name: from.repoName });
  if (to.instanceId === own.instanceId) {
    const place = { namespaceName: to.namespaceName, name: to.repoName };
    if (!(await ensureForPush(means, own.instanceId, place.namespaceName, place.name))) throw noRepository(place);
    return { source, target: ownTarget(own, place, { by: askedBy, origin: 'sync', syncPath: path }) };
  }
  const settings = targets.find(({ instanceId }) => instanceId === to.instanceId);
  if (settings === undefined)
    throw new RegistryError('refused', `the setting sync-targets-file no longer names ${to.instanceId}`);
  const { registry, login } = settings;
  const url = new URL(registry);
  const reached = access(settings);
  const shown =
    'api' in login ? await peerLogin({ ...login, instanceId: to.instanceId }, { ...reached, signal }) : login;
  const target = foreignTarget({
    host: url.host,
    repository: `${to.namespaceName}/${to.repoName}`,
    access: { ...reached, tlsVerify: url.protocol === 'https:', login: shown },
    syncPath: path,
  });
  return { source, target };
}

function noRepository({ namespaceName, name }: { namespaceName: string; name: string }): RegistryError {
  const why = `the repository ${namespaceName}/${name} does not exist, and its namespace does not create repositories on push`;
  return new RegistryError('not-found', why);
}
