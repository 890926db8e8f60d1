import type { Selectable } from 'kysely';
import type { Database } from '#db/database.ts';
import { type PageRange, readPage } from '#db/read-page.ts';
import type { ChainInstanceTable } from '#db/schema/chain-schema.ts';
import { insertEvent } from '#event/event-store.ts';
import type { ChainConfig, ChainVersion } from './chain.ts';
import type { ChainInstance, ChainResult, ChainStatus } from './chain-instance.ts';

/** How many walks are kept for each repository. */
const KEPT_INSTANCES = 1000;
const REMOVED_AT_ONCE = 200;

/** Inserts a new walk, in the caller's transaction, and removes the oldest ones of its repository. */
export async function insertChainInstance(
  db: Database,
  { chainInstanceId, instanceId, repoId, configId, event, startedMs }: ChainInstance,
): Promise<void> {
  await db
    .insertInto('chain_instance')
    .values({
      chain_instance_id: chainInstanceId,
      instance_id: instanceId,
      repo_id: repoId,
      config_id: configId,
      tag: event.body.tag,
      digest: event.body.digest,
      event: JSON.stringify(event.body),
      event_sequence: event.sequence,
      event_ms: event.timeMs,
      status: 'RUNNING',
      scan_attempt: 0,
      result: null,
      reason: null,
      node: null,
      scan_id: null,
      started_ms: startedMs,
      ended_ms: null,
    })
    .execute();
  const old = await db
    .selectFrom('chain_instance')
    .select('sequence')
    .where('repo_id', '=', repoId)
    .where('status', '!=', 'RUNNING')
    .orderBy('sequence', 'desc')
    .offset(KEPT_INSTANCES)
    .limit(REMOVED_AT_ONCE)
    .execute();
  for (const { sequence } of old) await db.deleteFrom('chain_instance').where('sequence', '=', sequence).execute();
}

export async function findChainInstance(db: Database, chainInstanceId: string): Promise<ChainInstance | undefined> {
  const row = await db
    .selectFrom('chain_instance')
    .selectAll()
    .where('chain_instance_id', '=', chainInstanceId)
    .executeTakeFirst();
  return row && fromRow(row);
}

/** The last walk of the image that a tag points to. */
export async function findLastWalk(
  db: Database,
  { repoId, tag, digest }: { repoId: string; tag: string; digest: string },
): Promise<ChainInstance | undefined> {
  const row = await db
    .selectFrom('chain_instance')
    .selectAll()
    .where('repo_id', '=', repoId)
    .where('digest', '=', digest)
    .where('tag', '=', tag)
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && fromRow(row);
}

/** The walks that wait for a scan. */
export async function listWaitingForScan(db: Database, scanId: string): Promise<ChainInstance[]> {
  const rows = await db
    .selectFrom('chain_instance')
    .selectAll()
    .where('scan_id', '=', scanId)
    .where('status', '=', 'RUNNING')
    .where('node', '=', 'VULNERABILITY_SCANNING')
    .orderBy('sequence')
    .execute();
  return rows.map(fromRow);
}

/** Records that a walk waits at a node. */
export async function noteWait(
  db: Database,
  chainInstanceId: string,
  wait: { node: 'VULNERABILITY_SCANNING'; scanId: string; scanAttempt: number } | { node: 'ACTIVATE_REPLICATION' },
): Promise<void> {
  const scan = wait.node === 'VULNERABILITY_SCANNING' ? { scan_id: wait.scanId, scan_attempt: wait.scanAttempt } : {};
  await db
    .updateTable('chain_instance')
    .set({ node: wait.node, ...scan })
    .where('chain_instance_id', '=', chainInstanceId)
    .execute();
}

/** How a walk ends. */
export interface ChainEnd {
  result: ChainResult;
  reason?: string;
}

/** Ends a walk, in the caller's transaction, with its event. */
export async function endChainInstance(
  db: Database,
  { chainInstanceId, repoId, event }: ChainInstance,
  { chainId, name }: Pick<ChainVersion, 'chainId' | 'name'>,
  { result, reason }: ChainEnd,
  nowMs: number,
): Promise<void> {
  const status: ChainStatus = result === 'CANCELED' ? 'CANCELED' : 'COMPLETE';
  await db
    .updateTable('chain_instance')
    .set({ status, result, reason: reason ?? null, ended_ms: nowMs, ...(result === 'SUCCESS' ? { node: null } : {}) })
    .where('chain_instance_id', '=', chainInstanceId)
    .execute();
  const { tag, digest } = event.body;
  const body = { chainInstanceId, chainId, chainName: name, repoId, tag, digest, result };
  await insertEvent(db, 'chain_finished', { ...body, ...(reason === undefined ? {} : { reason }) }, nowMs);
}

/** Whether an image of a repository passed in its last walk, or never had a walk. */
export async function isImageFree(db: Database, repoId: string, digest: string): Promise<boolean> {
  const last = await db
    .selectFrom('chain_instance')
    .select('result')
    .where('repo_id', '=', repoId)
    .where('digest', '=', digest)
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst();
  return last === undefined || last.result === 'SUCCESS';
}

/** A walk with the names that lists show. */
export interface ShownInstance extends ChainInstance {
  /** Larger for those that began later. */
  sequence: number;
  chain: { chainId: string; name: string; version: number; config: ChainConfig };
  namespaceName: string;
  repoName: string;
}

/** Walks, newest first, and their total count. */
export async function listChainInstances(
  db: Database,
  filter: {
    instanceId: string;
    namespaceName?: string | undefined;
    repoName?: string | undefined;
    chainId?: string | undefined;
    beforeSequence?: number | undefined;
  },
  page: PageRange,
): Promise<{ instances: ShownInstance[]; total: number }> {
  let query = db
    .selectFrom('chain_instance')
    .innerJoin('chain_version', 'chain_version.config_id', 'chain_instance.config_id')
    .innerJoin('repository', 'repository.repo_id', 'chain_instance.repo_id')
    .where('chain_instance.instance_id', '=', filter.instanceId);
  if (filter.namespaceName !== undefined) query = query.where('repository.namespace_name', '=', filter.namespaceName);
  if (filter.repoName !== undefined) query = query.where('repository.name', '=', filter.repoName);
  if (filter.chainId !== undefined) query = query.where('chain_version.chain_id', '=', filter.chainId);
  if (filter.beforeSequence !== undefined) query = query.where('chain_instance.sequence', '<', filter.beforeSequence);
  const shown = query
    .selectAll('chain_instance')
    .select(['chain_version.chain_id', 'chain_version.name as chain_name', 'chain_version.version'])
    .select('chain_version.config')
    .select(['repository.namespace_name', 'repository.name as repo_name']);
  const { rows, total } = await readPage(shown.orderBy('chain_instance.sequence', 'desc'), page);
  const instances = rows.map((row) => ({
    ...fromRow(row),
    sequence: row.sequence,
    chain: {
      chainId: row.chain_id,
      name: row.chain_name,
      version: row.version,
      config: JSON.parse(row.config) as ChainConfig,
    },
    namespaceName: row.namespace_name,
    repoName: row.repo_name,
  }));
  return { instances, total };
}

/** Removes the walks of a repository, in the transaction that deletes it. */
export async function removeChainInstancesOf(db: Database, repoId: string): Promise<void> {
  await db.deleteFrom('chain_instance').where('repo_id', '=', repoId).execute();
}

function fromRow(row: Selectable<ChainInstanceTable>): ChainInstance {
  return {
    chainInstanceId: row.chain_instance_id,
    instanceId: row.instance_id,
    repoId: row.repo_id,
    configId: row.config_id,
    event: { sequence: row.event_sequence, timeMs: row.event_ms, body: JSON.parse(row.event) },
    status: row.status as ChainStatus,
    result: (row.result ?? undefined) as ChainResult | undefined,
    reason: row.reason ?? undefined,
    node: (row.node ?? undefined) as ChainInstance['node'],
    scanId: row.scan_id ?? undefined,
    scanAttempt: row.scan_attempt,
    startedMs: row.started_ms,
    endedMs: row.ended_ms ?? undefined,
  };
}
