import { randomUUID } from 'node:crypto';
import { authorRefusal } from '#account/rule-author.ts';
import type { Database } from '#db/database.ts';
import { findTaggedImage } from '#image/tag-store.ts';
import { addJob } from '#job/job-store.ts';
import { findRepositoryById } from '#repository/repository-store.ts';
import type { Means } from '#rpc/context.ts';
import { ApiError } from '#rpc/errors/api-error.ts';
import { requestScan } from '#scan/request-scan.ts';
import type { Scan } from '#scan/scan.ts';
import { findLastScan } from '#scan/scan-store.ts';
import { replicate } from '#sync/sync-events.ts';
import { callTriggers } from '#trigger/trigger-events.ts';
import { blockImage } from './block-image.ts';
import {
  type ChainVersion,
  DENY_ACTIONS,
  type DenyPolicy,
  enabledNode,
  isGate,
  listed,
  type NodeConfig,
  scanPatience,
} from './chain.ts';
import { rightsOfChain } from './chain-denied.ts';
import { type ChainInstance, SCAN_WAIT } from './chain-instance.ts';
import { type ChainEnd, endChainInstance, noteWait } from './chain-instance-store.ts';
import { denialOf } from './deny.ts';

export type ChainMeans = Pick<Means, 'newId' | 'accountId' | 'regionId' | 'now' | 'noteDecision' | 'hasOtherScanner'>;

/** A walk, its version of the chain, and the transaction that moves it on. */
export interface Walk {
  trx: Database;
  means: ChainMeans;
  instance: ChainInstance;
  version: ChainVersion;
}

/** What happened to a walk at a node: it continues, or it has ended or waits for an event. */
type Outcome = 'passed' | 'stopped';

/** The nodes that act, in their order. A chain that does not scan records the image and does nothing. */
const STEPS = [
  { node: 'VULNERABILITY_SCANNING', take: beginScan },
  { node: 'ACTIVATE_REPLICATION', take: beginReplication },
  { node: 'TRIGGER', take: passToTriggers },
] as const;

/** Begins a walk, and continues it until it ends or has to wait. */
export async function beginWalk(walk: Walk): Promise<void> {
  if (!isGate(walk.version.config)) return endWalk(walk, { result: 'SUCCESS' });
  const refusal = await refusalOf(walk);
  if (refusal !== undefined) return endWalk(walk, { result: 'FAILED', reason: refusal });
  await walkAfter(walk, undefined);
}

/** Continues a walk after a node, or from the push, until it ends or has to wait. */
async function walkAfter(walk: Walk, passed: (typeof STEPS)[number]['node'] | undefined): Promise<void> {
  const first = STEPS.findIndex(({ node }) => node === passed) + 1;
  for (const { node, take } of STEPS.slice(first)) {
    if (enabledNode(walk.version.config, node) === undefined) continue;
    if (!(await isCurrentTag(walk))) return endWalk(walk, replaced(walk));
    if ((await take(walk)) === 'stopped') return;
  }
  await endWalk(walk, { result: 'SUCCESS' });
}

/** Continues a walk whose scan has ended. */
export async function continueAfterScan(walk: Walk, scan: Scan): Promise<void> {
  if (scan.status === 'COMPLETE') {
    if ((await judge(walk, scan)) === 'passed') await walkAfter(walk, 'VULNERABILITY_SCANNING');
    return;
  }
  if ((await tryAgain(walk, `The scan failed: ${scan.reason ?? 'it has no result'}`)) === 'passed')
    await walkAfter(walk, 'VULNERABILITY_SCANNING');
}

/** Continues a walk that has waited for a scan until its time limit. */
export async function giveUpScan(walk: Walk): Promise<void> {
  const seconds = scanPatience(scanConfig(walk)).waitMs / 1000;
  if ((await tryAgain(walk, `The scan had no result within ${seconds} seconds`)) === 'passed')
    await walkAfter(walk, 'VULNERABILITY_SCANNING');
}

/** Continues a walk whose copies have all ended. */
export async function continueAfterCopies(walk: Walk, failed: readonly string[]): Promise<void> {
  if (failed.length === 0) return walkAfter(walk, 'ACTIVATE_REPLICATION');
  if (!(await isCurrentTag(walk))) return endWalk(walk, replaced(walk));
  const [first = ''] = failed;
  const more = failed.length > 1 ? ` (and ${failed.length - 1} more)` : '';
  await endWalk(walk, { result: 'FAILED', reason: `Replication failed: ${first}${more}` });
}

async function beginScan(walk: Walk): Promise<Outcome> {
  const { trx, means, instance } = walk;
  const { MaliciousList, BaselineList } = denyPolicy(walk);
  const unknown = Object.entries({ MaliciousList, BaselineList }).find(([, list]) => listed(list).length > 0);
  // An image is never reported as free of something that nobody looked for.
  if (unknown !== undefined)
    return stop(walk, `The scanner does not look for what ${unknown[0]} names. Remove the list from the chain`);
  const { repoId, instanceId, chainInstanceId } = instance;
  const { digest } = instance.event.body;
  const nowMs = means.now();
  const request = { scanId: randomUUID(), instanceId, repoId, digest, type: 'VUL' as const };
  const { chainId: by, author } = walk.version;
  try {
    await requestScan(trx, { ...request, by, author, hasOtherScanner: means.hasOtherScanner, nowMs });
  } catch (error) {
    if (!(error instanceof ApiError && error.code === 'UnsupportedOperation')) throw error;
    return stop(walk, error.message);
  }
  const scan = await findLastScan(trx, request);
  if (scan === undefined) throw new Error('a scan that was requested is not there');
  if (scan.status === 'COMPLETE') return judge(walk, scan);
  const scanAttempt = instance.scanAttempt + 1;
  await noteWait(trx, chainInstanceId, { node: 'VULNERABILITY_SCANNING', scanId: scan.scanId, scanAttempt });
  const notBeforeMs = nowMs + scanPatience(scanConfig(walk)).waitMs;
  const subject = { chainInstanceId, scanAttempt };
  await addJob(trx, SCAN_WAIT, { jobId: randomUUID(), subject, notBeforeMs, nowMs });
  return 'stopped';
}

async function judge(walk: Walk, { scanId, counts }: Scan): Promise<Outcome> {
  const policy = denyPolicy(walk);
  if (counts === undefined) throw new Error('a complete scan has counts');
  const denial = await denialOf(walk.trx, { scanId, counts }, policy);
  if (denial === undefined) return 'passed';
  const refusal = await refusalOf(walk);
  if (refusal !== undefined) return stop(walk, `${denial} The chain left its tag as it is. ${refusal}`);
  const action = DENY_ACTIONS.find((each) => each === policy.Action) ?? 'BLOCK';
  const actor = { by: walk.version.chainId, nowMs: walk.means.now() };
  const done = await blockImage(walk.trx, walk.instance, action, actor);
  await endWalk(walk, { result: 'DENIED', reason: `${denial} ${done}` });
  return 'stopped';
}

async function tryAgain(walk: Walk, reason: string): Promise<Outcome> {
  if (!(await isCurrentTag(walk))) {
    await endWalk(walk, replaced(walk));
    return 'stopped';
  }
  if (walk.instance.scanAttempt <= scanPatience(scanConfig(walk)).retries) return beginScan(walk);
  return stop(walk, reason);
}

/** Lets the rules copy this image and no other. */
async function beginReplication({ trx, means, instance }: Walk): Promise<Outcome> {
  const { chainInstanceId, event } = instance;
  const chosen = { batchId: chainInstanceId, digest: event.body.digest };
  if ((await replicate(trx, means, event, chosen)) === 0) return 'passed';
  await noteWait(trx, chainInstanceId, { node: 'ACTIVATE_REPLICATION' });
  return 'stopped';
}

async function passToTriggers({ trx, means, instance }: Walk): Promise<Outcome> {
  await callTriggers(trx, means, { kind: 'tag_set', ...instance.event });
  return 'passed';
}

/** Why the chain is not allowed to act on the tags of its repository; undefined if it is. Denied images then keep their tags. */
async function refusalOf({ trx, means, instance, version }: Walk): Promise<string | undefined> {
  const repository = await findRepositoryById(trx, instance.repoId);
  if (repository === undefined) return undefined;
  const resource = `repository/${instance.instanceId}/${repository.namespaceName}/${repository.name}`;
  const acting = { id: instance.chainInstanceId, acts: rightsOfChain([resource]) };
  const refusal = await authorRefusal(trx, means, version.author, acting);
  return refusal === undefined ? undefined : `${refusal} To take over the chain, change it`;
}

/** Whether the tag still points to the image of the walk. */
async function isCurrentTag({ trx, instance: { repoId, event } }: Walk): Promise<boolean> {
  return (await findTaggedImage(trx, repoId, event.body.tag))?.digest === event.body.digest;
}

function replaced({ instance }: Walk): ChainEnd {
  const { tag } = instance.event.body;
  return { result: 'CANCELED', reason: `The tag ${tag} was set to another image, or removed.` };
}

async function stop(walk: Walk, reason: string): Promise<Outcome> {
  await endWalk(walk, { result: 'FAILED', reason });
  return 'stopped';
}

function endWalk({ trx, means, instance, version }: Walk, end: ChainEnd): Promise<void> {
  return endChainInstance(trx, instance, version, end, means.now());
}

function scanConfig({ version }: Walk): NodeConfig {
  return enabledNode(version.config, 'VULNERABILITY_SCANNING')?.NodeConfig ?? {};
}

function denyPolicy(walk: Walk): DenyPolicy {
  return scanConfig(walk).DenyPolicy ?? {};
}
