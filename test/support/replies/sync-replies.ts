import type { Database } from '../../../server/src/db/database.ts';
import type { Action } from '../../../server/src/rpc/spec.gen.ts';
import { insertSyncLayers } from '../../../server/src/sync/sync-task-store.ts';

type Call = (action: Action, params?: Record<string, string>) => Promise<Record<string, string>>;

/** Calls every operation of replication so that each field of its replies is seen once, for a repository `app` with the tag v1. */
export async function callSync(
  { call, db }: { call: Call; db: Database },
  given: { InstanceId: string; NamespaceName: string; RepoId: string; about: Record<string, string> },
): Promise<void> {
  const { InstanceId, NamespaceName, RepoId, about } = given;
  await call('CreateRepository', { InstanceId, RepoNamespaceName: NamespaceName, RepoName: 'copy', ...about });
  const place = { InstanceId, TargetInstanceId: InstanceId, TargetRegionId: 'local' };
  const target = { ...place, TargetRepoName: 'copy' };
  const rule = { TargetNamespaceName: NamespaceName, TagFilter: '.*' };
  const byHand = { NamespaceName, RepoName: 'app', SyncRuleName: 'by hand', SyncScope: 'REPO' };
  const { SyncRuleId = '' } = await call('CreateRepoSyncRule', {
    ...target,
    ...rule,
    ...byHand,
    SyncTrigger: 'INITIATIVE',
  });
  const several = { SyncRuleName: 'several', NamespaceNameFilter: 'x.*', RepoNameFilter: '.*' };
  await call('CreateRepoSyncRule', { ...place, ...rule, ...several, SyncScope: 'NAMESPACE' });
  const copied = { ...target, RepoId, Tag: 'v1', TargetNamespace: NamespaceName, TargetTag: 'v1' };
  const { SyncTaskId = '' } = await call('CreateRepoSyncTask', copied);
  const layer = { layerTaskId: 'rslt-1', digest: `sha256:${'0'.repeat(64)}`, sizeBytes: 5 };
  await insertSyncLayers(db, SyncTaskId, [layer]);
  const { SyncTaskId: failedId = '' } = await call('CreateRepoSyncTask', copied);
  const result = JSON.stringify({ code: 'NETWORK_ERROR', message: 'unreachable' });
  await db.updateTable('job').set({ state: 'FAILED', ended_ms: 1, result }).where('job_id', '=', failedId).execute();
  await call('ListRepoSyncRule', { InstanceId });
  await call('CreateRepoSyncTaskByRule', { InstanceId, RepoId, SyncRuleId, Tag: 'v1' });
  await call('GetRepoSyncTask', { InstanceId, SyncTaskId });
  await call('GetRepoSyncTask', { InstanceId, SyncTaskId: failedId });
  await call('ListRepoSyncTask', { InstanceId });
  await call('CancelRepoSyncTask', { InstanceId, SyncTaskId });
  await call('DeleteRepoSyncRule', { InstanceId, SyncRuleId });
}
