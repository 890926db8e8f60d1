import type { Database } from '#db/database.ts';
import { insertInstance } from '#instance/instance-store.ts';
import { ensureNamespace } from '#namespace/namespace-store.ts';
import { insertRepository } from '../repository-store.ts';

/** Inserts repositories of the namespace `team` and the instance `cri-1` into a test's empty database: `team/app` (`crr-1`) by default. */
export async function insertRepositoryUnderTest(
  db: Database,
  repositories: readonly { repoId: string; name: string }[] = [{ repoId: 'crr-1', name: 'app' }],
): Promise<void> {
  const common = { instanceId: 'cri-1', status: 'NORMAL' as const, createdMs: 1, modifiedMs: 1 };
  await insertInstance(db, { ...common, name: 'a', regionId: 'local', status: 'RUNNING' });
  const namespace = {
    namespaceId: 'crn-1',
    name: 'team',
    autoCreateRepo: false,
    defaultRepoType: 'PRIVATE' as const,
    defaultTagImmutability: false,
  };
  await ensureNamespace(db, { ...common, ...namespace });
  const like = {
    namespaceName: 'team',
    type: 'PRIVATE' as const,
    summary: 'x',
    detail: undefined,
    tagImmutability: false,
  };
  for (const names of repositories) await insertRepository(db, { ...common, ...like, ...names });
}
