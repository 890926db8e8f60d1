import { findBuildRecord } from '#build/build-store.ts';
import type { EventConsumer } from '#event/event-consumers.ts';
import { addJob } from '#job/job-store.ts';
import { newId } from '#rpc/new-id.ts';
import { findCodeHost } from '#source/hosts/code-host-store.ts';
import { COMMIT_STATUS } from './commit-status-job.ts';

/** Queues a status for the code host when a build of a commit is requested, when the commit is known, and when the build has ended. */
export function commitStatusEvents(): EventConsumer {
  return {
    name: 'commit-statuses',
    async take(trx, event) {
      if (event.kind !== 'commit_known' && event.kind !== 'build_finished') return;
      const { buildRecordId } = event.body;
      const record = await findBuildRecord(trx, buildRecordId);
      if (record?.source.kind !== 'code-host') return;
      const host = await findCodeHost(trx, record.instanceId, record.source.type);
      if (host?.statuses === undefined) return;
      await addJob(trx, COMMIT_STATUS, { jobId: newId('crcs'), subject: { buildRecordId }, nowMs: event.timeMs });
    },
  };
}
