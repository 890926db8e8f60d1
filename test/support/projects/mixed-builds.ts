import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { killIfThere } from '../../../server/src/sandbox/box/cgroup.ts';
import { findLeftovers, sandboxProcesses } from '../leftovers.ts';
import { type BuildKey, isFinal, readLog, waitForLine, waitForStatus } from '../log-reader.ts';
import { queueBuild } from '../queue-build.ts';
import { native, type TestServer } from '../slipway.ts';

const KINDS = ['good', 'failing', 'cancelled', 'killed'] as const;
// The line that starts the step must not contain what the step prints.
const TICKING = "FROM busybox\nRUN echo star''ted; sleep 600\n";
const SOURCES: Record<(typeof KINDS)[number], string> = {
  good: 'FROM busybox\nRUN echo fine\n',
  failing: 'FROM busybox\nRUN echo bad; exit 3\n',
  cancelled: TICKING,
  killed: TICKING,
};
const STATUSES = { good: 'SUCCESS', failing: 'FAILED', cancelled: 'CANCELED', killed: 'FAILED' };
const OTHERS = 4;
/** A build is final in the database shortly after its EndTime, and present shortly after its CreateTime. */
const SLACK_MS = 5000;

/**
 * Queues good, failing, cancelled and killed builds in turn, the first half of them for one repository. Checks that
 * each ends as expected and leaves nothing, and that none started before its turn.
 */
export async function runMixedBuilds(t: TestContext, server: TestServer, count: number): Promise<void> {
  const builds: { kind: (typeof KINDS)[number]; key: BuildKey }[] = [];
  for (let number = 0; number < count; number++) {
    const kind = KINDS[number % KINDS.length] ?? 'good';
    const repository = number < count / 2 ? 0 : 1 + (number % OTHERS);
    builds.push({
      kind,
      key: await queueBuild(t, server, { Dockerfile: SOURCES[kind] }, `local/mixed${repository}:${kind}`),
    });
  }
  await interfere(server, builds);
  for (const { kind, key } of builds) {
    const status = await waitForStatus(server.client, key, isFinal);
    assert.equal(status, STATUSES[kind], `${kind}: ${JSON.stringify((await readLog(server.client, key)).slice(-3))}`);
  }
  const ran: Ran[] = [];
  for (const { key } of builds) {
    assert.deepEqual(await findLeftovers(server.dataFolder, key.BuildRecordId), []);
    const record = await native(server.client, `/api/v1/builds/${key.BuildRecordId}`);
    assert.ok(record.EndTime !== undefined && record.QueuePosition === undefined);
    ran.push(record as unknown as Ran);
  }
  for (const build of ran) assertItsTurn(build, ran);
}

interface Ran {
  RepoId: string;
  CreateTime: number;
  StartTime: number;
  EndTime: number;
}

/** Checks that when the build started, no other repository with waiting builds had fewer running. */
function assertItsTurn(build: Ran, all: readonly Ran[]): void {
  const at = build.StartTime;
  const running = all.filter(
    ({ RepoId, StartTime, EndTime }) => RepoId === build.RepoId && StartTime < at && EndTime > at,
  ).length;
  const waiting = all.filter(({ CreateTime, StartTime }) => CreateTime < at - SLACK_MS && StartTime > at);
  for (const RepoId of new Set(waiting.map((other) => other.RepoId))) {
    const others = all.filter(
      (other) => other.RepoId === RepoId && other.StartTime <= at && other.EndTime > at - SLACK_MS,
    ).length;
    assert.ok(running <= others, `${RepoId} waited with ${others} running while ${build.RepoId} had ${running}`);
  }
}

/** The memory that a process uses. */
export function residentBytes(pid: number | undefined): number {
  const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line?.[1]) * 1024;
}

/** Ends the builds that would not end by themselves, each as soon as it runs. */
async function interfere(server: TestServer, builds: readonly { kind: string; key: BuildKey }[]): Promise<void> {
  const left = new Map(
    builds
      .filter(({ kind }) => kind === 'cancelled' || kind === 'killed')
      .map((build) => [build.key.BuildRecordId, build]),
  );
  while (left.size > 0) {
    const { Builds } = await native(server.client, '/api/v1/builds?status=BUILDING');
    for (const { BuildRecordId } of Builds as { BuildRecordId: string }[]) {
      const build = left.get(BuildRecordId);
      if (!build) continue;
      left.delete(BuildRecordId);
      await waitForLine(server.client, build.key, 'started');
      if (build.kind === 'cancelled') await server.client.call('CancelRepoBuildRecord', build.key);
      else for (const pid of sandboxProcesses(BuildRecordId, 'dockerd')) killIfThere(pid);
    }
    await sleep(200);
  }
}
