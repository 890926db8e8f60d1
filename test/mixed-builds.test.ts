import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { findLeftovers, sandboxProcesses } from './support/leftovers.ts';
import { type BuildKey, isFinal, readLog, waitForLine, waitForStatus } from './support/log-reader.ts';
import { queueBuild } from './support/queue-build.ts';
import { native, startServer, type TestServer } from './support/slipway.ts';

const COUNT = process.env.SLIPWAY_TEST_LONG === '1' ? 100 : 8;
const KINDS = ['good', 'failing', 'cancelled', 'killed'] as const;
const TICKING = 'FROM busybox\nRUN echo started; sleep 600\n';
const SOURCES: Record<(typeof KINDS)[number], string> = {
  good: 'FROM busybox\nRUN echo fine\n',
  failing: 'FROM busybox\nRUN echo bad; exit 3\n',
  cancelled: TICKING,
  killed: TICKING,
};
const STATUSES = { good: 'SUCCESS', failing: 'FAILED', cancelled: 'CANCELED', killed: 'FAILED' };
/** What a server may grow by while many builds run: far less than what would hold their logs or sources. */
const GROWTH_LIMIT_BYTES = 200 * 2 ** 20;

test(`${COUNT} mixed builds, good, failing, cancelled and killed, all end as they must, and leave nothing`, async (t) => {
  const server = await startServer(t, { flags: ['--concurrent-builds', '4'] });
  const before = residentBytes(server);
  const builds: { kind: (typeof KINDS)[number]; key: BuildKey }[] = [];
  for (let number = 0; number < COUNT; number++) {
    const kind = KINDS[number % KINDS.length] ?? 'good';
    builds.push({
      kind,
      key: await queueBuild(t, server, { Dockerfile: SOURCES[kind] }, `local/mixed${number % 5}:${kind}`),
    });
  }
  await interfere(server, builds);
  for (const { kind, key } of builds) {
    const status = await waitForStatus(server.client, key, isFinal);
    assert.equal(status, STATUSES[kind], `${kind}: ${JSON.stringify((await readLog(server.client, key)).slice(-3))}`);
  }
  for (const { key } of builds) {
    assert.deepEqual(findLeftovers(server.dataFolder, key.BuildRecordId), []);
    const record = await native(server.client, `/api/v1/builds/${key.BuildRecordId}`);
    assert.ok(record.EndTime !== undefined && record.QueuePosition === undefined);
  }
  const grown = residentBytes(server) - before;
  assert.ok(grown < GROWTH_LIMIT_BYTES, `the server grew by ${grown} bytes`);
});

/** Ends those that would not end by themselves, each as soon as it runs. */
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
      else for (const pid of sandboxProcesses(BuildRecordId, 'buildah')) process.kill(pid, 'SIGKILL');
    }
    await sleep(200);
  }
}

function residentBytes(server: TestServer): number {
  const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${server.child.pid}/status`, 'utf8'));
  return Number(line?.[1]) * 1024;
}
