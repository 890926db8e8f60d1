import type { TestContext } from 'node:test';
import { transaction } from '#db/transaction.ts';
import { type EventConsumer, takeBatch } from '#event/event-consumers.ts';
import { eventRuleEvents } from '#event-rule/event-rule-events.ts';
import { owner } from '#gateway/testing/caller.ts';
import { startGatewayUnderTest } from '#gateway/testing/gateway.ts';
import { pushUnderTest } from '#image/testing/pushed-image.ts';
import type { JobRunner } from '#job/job.ts';
import { syncRunner } from '#replication/sync-job.ts';
import { findAdvisoryDatabase } from '#scan/advisory/advisory-store.ts';
import { countSeverities, type Finding } from '#scan/advisory/finding.ts';
import { endScan, replaceFindings } from '#scan/scan-store.ts';
import { importOneAdvisory } from '#scan/testing/finished-scan.ts';
import { syncEvents } from '#sync/sync-events.ts';
import { triggerEvents } from '#trigger/trigger-events.ts';
import { chainEvents, isHeldByChain, isLetOutByChain } from '../chain-events.ts';
import { scanWaitRunner } from '../scan-wait-job.ts';

/** The settings of a scan node that denies what has one high vulnerability. */
export const HIGH = { DenyPolicy: { IssueLevel: 'HIGH', IssueCount: '1', Action: 'BLOCK' } };

/** The nodes of a chain that scans, replicates and calls triggers. */
export function gate(scan: object = HIGH, off: readonly string[] = []): string {
  const names = ['DOCKER_IMAGE_PUSH', 'VULNERABILITY_SCANNING', 'ACTIVATE_REPLICATION', 'TRIGGER'];
  const Nodes = names.map((NodeName) => ({
    NodeName,
    Enable: !off.includes(NodeName),
    ...(NodeName === 'VULNERABILITY_SCANNING' ? { NodeConfig: scan } : {}),
  }));
  return JSON.stringify({ Nodes, Routers: [] });
}

const FINDING: Finding = {
  name: 'CVE-2023-1',
  alias: 'GHSA-1',
  severity: 'High',
  kind: 'cve',
  package: 'p',
  version: '1',
  link: '',
  fixedVersion: '2',
  format: 'dpkg',
  path: 'p',
  layer: 'sha256:1',
  description: '',
  fixCommand: '',
};

/** A repository with a rule that copies its tags, a trigger and an event rule, which act on events when the test says so. */
export async function setUp(context: TestContext, { advisories = true } = {}) {
  const gateway = await startGatewayUnderTest();
  context.after(() => gateway[Symbol.asyncDispose]());
  const { instanceId: InstanceId, means } = gateway;
  const { db } = means;
  await owner(gateway, 'CreateNamespace', { InstanceId, NamespaceName: 'team' });
  const named = { InstanceId, RepoNamespaceName: 'team' };
  const create = async (RepoName: string) =>
    String(
      (await owner(gateway, 'CreateRepository', { ...named, RepoName, RepoType: 'PRIVATE', Summary: 's' })).RepoId,
    );
  const RepoId = await create('app');
  await create('copy');
  if (advisories) await importOneAdvisory(db, InstanceId);
  const target = { TargetInstanceId: InstanceId, TargetRegionId: 'local', TargetNamespaceName: 'team' };
  const rule = { NamespaceName: 'team', RepoName: 'app', SyncRuleName: 'r', SyncScope: 'REPO', TagFilter: '.*' };
  await owner(gateway, 'CreateRepoSyncRule', { InstanceId, ...rule, ...target, TargetRepoName: 'copy' });
  const trigger = { TriggerName: 'deploy', TriggerType: 'ALL', TriggerUrl: 'https://ci.example/' };
  await owner(gateway, 'CreateRepoTrigger', { InstanceId, RepoId, ...trigger });
  const consumers: EventConsumer[] = [
    triggerEvents(means, isHeldByChain),
    syncEvents(means, { isHeld: isHeldByChain, isLetOut: isLetOutByChain }),
    eventRuleEvents({ ...means, publicUrl: 'https://build.example' }),
    chainEvents(means),
  ];
  const settle = async () => {
    for (let taken = 1; taken > 0; ) {
      taken = 0;
      for (const consumer of consumers) taken += await takeBatch(db, consumer);
    }
  };
  await settle();
  return {
    gateway,
    db,
    InstanceId,
    RepoId,
    settle,
    means,
    async chain(ChainConfig: string, more: Record<string, string> = {}) {
      const given = { ...named, RepoName: 'app', Name: 'c', ChainConfig, ...more };
      return { InstanceId, ChainId: String((await owner(gateway, 'CreateChain', given)).ChainId) };
    },
    async push(tag: string, image: number, { name = 'app', isRunnable = true } = {}) {
      const digest = await pushUnderTest(
        db,
        { instanceId: InstanceId, namespaceName: 'team', name },
        { tag, image, nowMs: Date.now(), isRunnable },
      );
      await settle();
      return digest;
    },
    /** Ends the scan that runs, with findings or a failure. */
    async scanned(outcome: readonly Partial<Finding>[] | string) {
      const running = db.selectFrom('scan').select('scan_id').where('status', '=', 'SCANNING');
      const { scan_id } = await running.executeTakeFirstOrThrow();
      const findings = typeof outcome === 'string' ? [] : outcome.map((each) => ({ ...FINDING, ...each }));
      await replaceFindings(db, scan_id, findings);
      const version = (await findAdvisoryDatabase(db, InstanceId))?.version ?? '';
      const result = { database: { version, dataMs: 1 }, counts: countSeverities(findings), unchecked: [] };
      await transaction(db, async (trx) => {
        await endScan(trx, scan_id, typeof outcome === 'string' ? { failure: outcome } : result, Date.now());
        await trx.updateTable('job').set({ state: 'DONE' }).where('job_id', '=', scan_id).execute();
      });
      await settle();
    },
    /** Ends the copies that wait, as their jobs would. */
    async copied(state: 'DONE' | 'FAILED' = 'DONE') {
      const runner: JobRunner<{ taskId: string }, { digest: string; sentBytes: number }> = syncRunner(
        { means } as unknown as Parameters<typeof syncRunner>[0],
        { atOnce: 1 },
      );
      const jobs = await db
        .selectFrom('job')
        .selectAll()
        .where('kind', '=', 'sync')
        .where('state', '=', 'PENDING')
        .execute();
      for (const { job_id: jobId } of jobs)
        await transaction(db, async (trx) => {
          const failure = { code: 'NETWORK_ERROR', message: 'unreachable' };
          const result = state === 'DONE' ? { digest: 'sha256:1', sentBytes: 0 } : failure;
          await trx
            .updateTable('job')
            .set({ state, result: JSON.stringify(result), ended_ms: Date.now() })
            .where('job_id', '=', jobId)
            .execute();
          const end = state === 'DONE' ? { state, result: { digest: 'sha256:1', sentBytes: 0 } } : { state, failure };
          await runner.ended?.(trx, { jobId, subject: { taskId: jobId }, attempt: 1 }, { ...end, timeMs: Date.now() });
        });
      await settle();
    },
    /** Runs the waits that are due at a given time. */
    async waited() {
      const jobs = await db.selectFrom('job').selectAll().where('kind', '=', 'chain-scan-wait').execute();
      const runner = scanWaitRunner(db, means);
      for (const { job_id, subject } of jobs) {
        const job = { jobId: job_id, subject: JSON.parse(subject), attempt: 1, isLastAttempt: false };
        await runner.run({ ...job, signal: new AbortController().signal });
      }
      await settle();
    },
    /** What would have been copied, and what triggers were called for: tag and image. */
    async left() {
      const tasks = await db.selectFrom('sync_task').select(['tag', 'digest']).orderBy('sequence').execute();
      const calls = await db
        .selectFrom('delivery')
        .select(['tag', 'body'])
        .where('event_type', '=', 'push')
        .orderBy('sequence')
        .execute();
      return {
        copies: tasks.map(({ tag, digest }) => `${tag} ${Number(digest?.slice(7))}`),
        calls: calls.map(({ tag, body }) => `${tag} ${Number(JSON.parse(body).push_data.digest.slice(7))}`),
      };
    },
    /** The walks, newest first, as the operation lists them, with their reasons. */
    async walks() {
      const { ChainInstances } = await owner(gateway, 'ListChainInstance', { InstanceId });
      const rows = await db.selectFrom('chain_instance').select('reason').orderBy('sequence', 'desc').execute();
      return ChainInstances.map(
        ({ Status, Result, Chain }: { Status: string; Result?: string; Chain: { Version: number } }, i: number) =>
          `${Chain.Version} ${Status} ${Result ?? '-'} ${rows[i]?.reason ?? ''}`.trim(),
      ) as string[];
    },
    async tags() {
      const rows = await db
        .selectFrom('tag')
        .select(['name', 'digest'])
        .where('repo_id', '=', RepoId)
        .orderBy('name')
        .execute();
      return rows.map(({ name, digest }) => `${name} ${Number(digest.slice(7))}`);
    },
  };
}
