import type { Database } from '../../../server/src/db/database.ts';
import type { Action } from '../../../server/src/rpc/spec.gen.ts';
import { endResult, insertResult } from '../../../server/src/subscription/subscription-task-store.ts';

type Call = (action: Action, params?: Record<string, string>) => Promise<Record<string, string>>;

/** Calls every operation of artifact subscription so that each field of its replies is seen once. */
export async function callSubscriptions(
  { call, db }: { call: Call; db: Database },
  target: { InstanceId: string; NamespaceName: string; RepoName: string },
): Promise<void> {
  const { InstanceId } = target;
  const source = { SourceProvider: 'DOCKER_HUB', SourceRepoName: 'nginx', TagRegexp: 'release-v.*', TagCount: '1' };
  const { RuleId = '' } = await call('CreateArtifactSubscriptionRule', {
    ...target,
    ...source,
    'Platform.1': 'linux/amd64',
  });
  await call('UpdateArtifactSubscriptionRule', { InstanceId, RuleId, TagCount: '2', Override: 'true' });
  await call('GetArtifactSubscriptionRule', { InstanceId, RuleId });
  await call('ListArtifactSubscriptionRule', { InstanceId });
  const { TaskId = '' } = await call('CreateArtifactSubscriptionTask', { InstanceId, RuleId });
  await insertResult(db, TaskId, 'release-v1', 1);
  await endResult(db, { taskId: TaskId, tag: 'release-v1' }, { result: 'SUCCESS', nowMs: 2 });
  const result = JSON.stringify({ outcome: 'SUCCESS', message: 'success' });
  await db.updateTable('job').set({ state: 'DONE', ended_ms: 2, result }).where('job_id', '=', TaskId).execute();
  await call('GetArtifactSubscriptionTask', { InstanceId, TaskId });
  await call('GetArtifactSubscriptionTaskResult', { InstanceId, TaskId });
  await call('ListArtifactSubscriptionTask', { InstanceId });
  await call('DeleteArtifactSubscriptionRule', { InstanceId, RuleId });
}
