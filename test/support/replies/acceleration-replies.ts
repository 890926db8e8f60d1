import { addAccelerationTask } from '../../../server/src/acceleration/acceleration-store.ts';
import { ACCOUNT_AUTHOR } from '../../../server/src/account/rule-author.ts';
import type { Database } from '../../../server/src/db/database.ts';
import type { ReplyUnderTest } from '../../../server/src/gateway/testing/caller.ts';
import type { Action } from '../../../server/src/rpc/spec.gen.ts';

/** Calls every operation about accelerated images once with a good reply. */
export async function callAboutAcceleration(
  call: (action: Action, params: Record<string, string>) => Promise<ReplyUnderTest['body']>,
  {
    db,
    logbook,
  }: {
    db: Database;
    logbook: {
      create(
        id: string,
      ): Promise<{ line(text: string): Promise<void>; seal(verdict: { verdict: 'complete' }): Promise<unknown> }>;
    };
  },
  { InstanceId, RepoId }: { InstanceId: string; RepoId: string },
): Promise<void> {
  const scope = { InstanceId, ScopeId: RepoId, ScopeType: 'REPOSITORY', ArtifactType: 'ACCELERATED_IMAGE' };
  const Parameters = JSON.stringify({ PriorityFile: Buffer.from('/bin/sh\n').toString('base64') });
  await call('CreateArtifactBuildRule', { ...scope, Parameters });
  await call('GetArtifactBuildRule', scope);
  const BuildTaskId = 'i2a-1';
  const task = {
    instanceId: InstanceId,
    repoId: RepoId,
    tag: 'v1',
    digest: 'sha256:1',
    createdMs: 1,
    author: ACCOUNT_AUTHOR,
  };
  await addAccelerationTask(db, { ...task, taskId: BuildTaskId });
  await call('CancelArtifactBuildTask', { InstanceId, BuildTaskId });
  const result = JSON.stringify({ code: 'CONVERSION_REFUSED', message: 'it is no image' });
  await db
    .updateTable('job')
    .set({ state: 'FAILED', started_ms: 1000, ended_ms: 2000, result })
    .where('job_id', '=', BuildTaskId)
    .execute();
  await call('GetArtifactBuildTask', { InstanceId, BuildTaskId });
  const log = await logbook.create(BuildTaskId);
  await log.line('convert');
  await log.seal({ verdict: 'complete' });
  await call('ListArtifactBuildTaskLog', { InstanceId, BuildTaskId, Page: '1', PageSize: '10' });
}
