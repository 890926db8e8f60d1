import type { Database } from '#db/database.ts';
import { insertInstance } from '#instance/instance-store.ts';
import { ensureNamespace } from '#namespace/namespace-store.ts';
import { insertRepository } from '../repository-store.ts';

/** Inserts the repository `team/app` (`crr-1`, instance `cri-1`) into a test's empty database. */
export async function insertRepositoryUnderTest(db: Database): Promise<void> {
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
  const repository = { repoId: 'crr-1', namespaceName: 'team', name: 'app', type: 'PRIVATE' as const, summary: 'x' };
  await insertRepository(db, { ...common, ...repository, detail: undefined, tagImmutability: false });
}
