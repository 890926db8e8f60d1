import { findBuildRecord } from '#build/build-store.ts';
import type { EventConsumer } from '#event/event-consumers.ts';
import { addJob } from '#job/job-store.ts';
import { newId } from '#rpc/new-id.ts';
import { findCodeHost } from '#source/code-host-store.ts';
import { COMMIT_STATUS } from './commit-status-job.ts';

/** Has the status of a commit sent to its code host when a build of it is requested, has found it, and has ended. */
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
