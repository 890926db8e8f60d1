import type { Seal } from '@slipway/logbook';
import type { BuildRecord } from '#build/build.ts';
import { findExpiredLog } from '#build/logs/expired-log-store.ts';
import { countRunning, expectedDurationMs, queuePosition } from '#build/queue/outlook-store.ts';
import { limitReason } from '#build/queue/wait-reason.ts';
import { getRepository } from '#repository/repository-store.ts';
import { listCodeHosts } from '#source/hosts/code-host-store.ts';
import { type WebHost, webAddresses } from '#source/hosts/web-address.ts';
import { CODE_REPO_TYPES } from '#source/source.ts';
import { type NativeContext, nativeOperation } from '../native-operation.ts';
import { buildOf } from '../replies/build-of.ts';
import { buildReply } from '../replies/build-reply.ts';

/** `GET /builds/ID`: everything that is known about one build. */
export default nativeOperation('getBuild', async (context, { id }) => {
  const { db, instanceId } = context;
  const record = await buildOf(context, id);
  const { namespaceName, name } = await getRepository(db, instanceId, record.repoId);
  const queue = await queueReply(context, record);
  const pages = webAddresses(record.source, record.commitId, await webHosts(context));
  return {
    ...buildReply(record, `${namespaceName}/${name}`),
    SourceUrl: pages?.source,
    CommitUrl: pages?.commit,
    ...queue,
    ...(await logReply(context, record)),
  };
});

/** The code hosts of the instance: as they were set, else where the settings say that they are. */
async function webHosts({ db, instanceId, codeHostUrls }: NativeContext): Promise<WebHost[]> {
  const set = await listCodeHosts(db, instanceId);
  return CODE_REPO_TYPES.map((type) => {
    const found = set.find(({ codeRepoType }) => codeRepoType === type);
    return found ?? { codeRepoType: type, baseUrl: codeHostUrls[type] };
  });
}

/** What is known about a log, even after it has expired. */
async function logReply({ db, logbook }: NativeContext, { buildRecordId, logExpiredMs }: BuildRecord) {
  const expired = logExpiredMs === undefined ? undefined : await findExpiredLog(db, buildRecordId);
  const seal = expired?.seal as Seal | undefined;
  if (seal) return { LineCount: seal.lineCount, Seal: seal };
  const state = await logbook.reach(buildRecordId);
  return { LineCount: state?.lineCount ?? 0, Seal: state?.seal };
}

/**
 * The position in the queue of a build that waits and why it waits, and for one that has not ended the durations of the
 * last successful ones.
 */
async function queueReply(context: NativeContext, record: BuildRecord) {
  if (record.status !== 'PENDING' && record.status !== 'BUILDING') return {};
  const waits = record.status === 'PENDING';
  return {
    QueuePosition: waits ? await queuePosition(context.db, record) : undefined,
    WaitReason: waits ? await waitReasonOf(context, record) : undefined,
    ExpectedDuration: await expectedDurationMs(context.db, record),
  };
}

/** What keeps all builds waiting comes before what keeps this one waiting. */
async function waitReasonOf({ db, waitReason, buildLimits }: NativeContext, record: BuildRecord) {
  if (record.cancelRequested) return 'it is being cancelled';
  return (await waitReason()) ?? limitReason(await countRunning(db, record), buildLimits);
}
