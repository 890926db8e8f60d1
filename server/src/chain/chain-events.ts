import { randomUUID } from 'node:crypto';
import type { Database } from '#db/database.ts';
import type { Event, ScanFinished, SyncFinished } from '#event/event.ts';
import type { EventConsumer } from '#event/event-consumers.ts';
import { lastEventSequence, listUntakenOfTag } from '#event/event-store.ts';
import { referrerTags, subjectOfTag } from '#image/image.ts';
import { findManifestState } from '#image/manifest-store.ts';
import { isRunnable } from '#image/referrer-store.ts';
import { findRepositoryById } from '#repository/repository-store.ts';
import { findScan } from '#scan/scan-store.ts';
import { listSyncTasks } from '#sync/sync-task-store.ts';
import { enabledNode, isGate } from './chain.ts';
import type { ChainInstance } from './chain-instance.ts';
import { findChainInstance, findLastWalk, insertChainInstance, listWaitingForScan } from './chain-instance-store.ts';
import { findVersionInForce, getVersion } from './chain-store.ts';
import { beginWalk, type ChainMeans, continueAfterCopies, continueAfterScan } from './walk-chain.ts';

const CONSUMER = 'chains';

type TagSetEvent = Extract<Event, { kind: 'tag_set' }>;

/**
 * Begins a walk for each tag that is set where a chain is in force, and continues a walk when the scan or the copies that
 * it waits for have ended.
 */
export function chainEvents(means: ChainMeans): EventConsumer {
  return {
    name: CONSUMER,
    async take(trx, event) {
      if (event.kind === 'tag_set') await takeTagSet(trx, means, event);
      if (event.kind === 'scan_finished') await takeScan(trx, means, event.body);
      if (event.kind === 'sync_finished') await takeCopy(trx, means, event.body);
    },
  };
}

/**
 * Whether replication rules and triggers leave a tag to a chain. They also ignore what a chain does to the tag of a denied image,
 * because they never acted on that image.
 */
export async function isHeldByChain(trx: Database, { body, sequence }: TagSetEvent): Promise<boolean> {
  if (body.origin === 'retag') return true;
  const repository = await findRepositoryById(trx, body.repoId);
  if (repository?.status !== 'NORMAL') return false;
  const version = await findVersionInForce(trx, repository, sequence);
  return version !== undefined && isGate(version.config);
}

/**
 * Whether a chain has let the image of a tag out to the replication rules, and chains still do: what is said of the image later may
 * follow it.
 */
export async function isLetOutByChain(
  trx: Database,
  image: { repoId: string; tag: string; digest: string },
): Promise<boolean> {
  const walk = await findLastWalk(trx, image);
  const isOut = walk?.result === 'SUCCESS' || (walk?.status === 'RUNNING' && walk.node === 'ACTIVATE_REPLICATION');
  const repository = await findRepositoryById(trx, image.repoId);
  if (walk === undefined || !isOut || repository?.status !== 'NORMAL') return false;
  // A push that has no walk yet: that walk decides.
  const pushed = await listUntakenOfTag(trx, CONSUMER, image);
  if (pushed.some(({ origin }) => origin !== 'retag')) return false;
  const current = await findVersionInForce(trx, repository, (await lastEventSequence(trx)) + 1);
  const versions = [await getVersion(trx, walk.configId), ...(current === undefined ? [] : [current])];
  return versions.every(({ config }) => isGate(config) && enabledNode(config, 'ACTIVATE_REPLICATION') !== undefined);
}

/**
 * A tag that is named after an image points to what is said of it: that goes with the image, and has no walk of its own. What can be
 * run has one, whatever its tag.
 */
async function isSaidOfImage(trx: Database, { repoId, tag, digest }: TagSetEvent['body']): Promise<boolean> {
  const subject = subjectOfTag(tag);
  if (subject === undefined || !referrerTags(subject).includes(tag)) return false;
  return (await findManifestState(trx, repoId, subject))?.state === 'kept' && !(await isRunnable(trx, repoId, digest));
}

async function takeTagSet(trx: Database, means: ChainMeans, { body, sequence, timeMs }: TagSetEvent): Promise<void> {
  if (body.origin === 'retag') return;
  const repository = await findRepositoryById(trx, body.repoId);
  if (repository?.status !== 'NORMAL') return;
  const version = await findVersionInForce(trx, repository, sequence);
  if (version === undefined || (isGate(version.config) && (await isSaidOfImage(trx, body)))) return;
  const instance: ChainInstance = {
    chainInstanceId: randomUUID(),
    instanceId: repository.instanceId,
    repoId: body.repoId,
    configId: version.configId,
    event: { sequence, timeMs, body },
    status: 'RUNNING',
    result: undefined,
    reason: undefined,
    node: undefined,
    scanId: undefined,
    scanAttempt: 0,
    startedMs: means.now(),
    endedMs: undefined,
  };
  await insertChainInstance(trx, instance);
  await beginWalk({ trx, means, instance, version });
}

async function takeScan(trx: Database, means: ChainMeans, { scanId, repoId }: ScanFinished): Promise<void> {
  const waiting = await listWaitingForScan(trx, scanId);
  if (waiting.length === 0) return;
  const instanceId = waiting[0]?.instanceId ?? '';
  const scan = await findScan(trx, instanceId, scanId);
  // Its repository is being deleted.
  if (scan === undefined || (await findRepositoryById(trx, repoId))?.status !== 'NORMAL') return;
  for (const instance of waiting) {
    const version = await getVersion(trx, instance.configId);
    await continueAfterScan({ trx, means, instance, version }, scan);
  }
}

/** As many as there can be rules. */
const TASKS_LIMIT = 500;

async function takeCopy(trx: Database, means: ChainMeans, { batchId }: SyncFinished): Promise<void> {
  const instance = await findChainInstance(trx, batchId);
  if (instance?.status !== 'RUNNING' || instance.node !== 'ACTIVATE_REPLICATION') return;
  const filter = { instanceId: instance.instanceId, batchId };
  const { tasks } = await listSyncTasks(trx, means.regionId, filter, { limit: TASKS_LIMIT, offset: 0 });
  if (tasks.some(({ status }) => status === 'PENDING' || status === 'SYNCHRONIZING')) return;
  const failed = tasks
    .filter(({ status }) => status !== 'SUCCESS')
    .map(({ taskId, issue }) => `${taskId}: ${issue?.message ?? 'it was canceled.'}`);
  const version = await getVersion(trx, instance.configId);
  await continueAfterCopies({ trx, means, instance, version }, failed);
}
