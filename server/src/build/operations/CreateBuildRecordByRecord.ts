import { requesterOf } from '#account/requester.ts';
import { eventTransaction } from '#event/event-store.ts';
import { getInstance } from '#instance/instance-store.ts';
import { repositoryResource } from '#repository/repository-resource-store.ts';
import { getRepository } from '#repository/repository-store.ts';
import { operation } from '#rpc/operation.ts';
import { getBuildRecord, insertBuildRecord, type NewBuildRecord } from '../build-store.ts';
import { refuseWithoutBuilds, sourceNotKept } from '../errors.ts';
import { archiveIdsOf } from '../request/build-context.ts';
import { requestersByRecord } from '../request/build-requesters.ts';
import { refuseLostSecrets } from '../request/given-secrets.ts';

/** Repeats a record's build: the same commit, if known, with the same arguments, options and tag. */
export default operation('CreateBuildRecordByRecord', {
  resource: (context, params) => repositoryResource(context.db, params.InstanceId, params.RepoId),

  async run(context, params) {
    refuseWithoutBuilds(context);
    await getInstance(context.db, params.InstanceId);
    await getRepository(context.db, params.InstanceId, params.RepoId);
    const record = await getBuildRecord(context.db, {
      instanceId: params.InstanceId,
      repoId: params.RepoId,
      buildRecordId: params.BuildRecordId,
    });
    const { source, commitId } = record;
    if (source.kind === 'archive' || archiveIdsOf(record).length > 0) throw sourceNotKept();
    refuseLostSecrets(record.options);
    const buildRecordId = context.newBuildRecordId();
    const again: NewBuildRecord = {
      ...record,
      buildRecordId,
      source: commitId === undefined ? source : { ...source, commitId },
      createdMs: context.now(),
      requesters: requestersByRecord(requesterOf(context.principal), record),
      trigger: 'rebuild',
    };
    await eventTransaction(context.db, (trx) => insertBuildRecord(trx, again));
    context.buildQueued();
    return { BuildRecordId: buildRecordId };
  },
});
