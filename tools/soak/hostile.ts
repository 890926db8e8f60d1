import { type TestContext, test } from 'node:test';
import { type Chance, chanceOf } from '../../test/support/chance.ts';
import { HOSTILE_BODIES } from '../../test/support/hostile/bodies.ts';
import { openHostileDoors } from '../../test/support/hostile/doors.ts';
import { watchLoop } from '../../test/support/hostile/loop-watch.ts';
import { hostileDockerfile } from '../../test/support/hostile/texts.ts';
import { isFinal, waitForStatus } from '../../test/support/log-reader.ts';
import { residentBytes } from '../../test/support/projects/mixed-builds.ts';
import { queueBuild } from '../../test/support/queue-build.ts';
import { native, startServer, type TestServer } from '../../test/support/slipway.ts';

const REPORT_MS = 60_000;
/** How long the server's thread may compute before one answer; test/support/hostile/loop-watch.ts says why not clock time. */
const LOOP_LIMIT_MS = 250;
/** After the first minutes, which fill caches, the server may not grow by more than this. */
const GROWTH_LIMIT_BYTES = 128 * 2 ** 20;
const MINUTES_TO_SETTLE = 3;
const DOCKERFILE_CHARS = 1_000_000;
const FORGED_STEPS = 20_000;

/**
 * Attacks one server for `durationMs` with everything that text and bodies can do: hostile text at every entry point,
 * unexpected bodies, Dockerfiles that cost more than their length, and builds whose output forges steps, which are then
 * compared. Each minute prints how long `/healthz` took and the memory of the server. Fails if the server's thread
 * makes others wait, if the server answers with a fault, or if it grows.
 */
export function soakHostile(durationMs: number, seed: number): void {
  // The test runner carries the clean-up of the server; what fails in it fails the command.
  test(`attacks for ${durationMs / 60_000} minutes (seed ${seed}) keep nobody else waiting`, async (t) => {
    const server = await startServer(t, { flags: ['--concurrent-builds', '2'] });
    const endMs = performance.now() + durationMs;
    const goesOn = () => performance.now() < endMs;
    const counts = new Map<string, number>();
    const count = (what: string) => counts.set(what, (counts.get(what) ?? 0) + 1);
    await Promise.all([
      knockOn(server, seed, goesOn, count),
      floodOn(server, chanceOf(seed + 100), goesOn, count),
      buildOn(t, server, chanceOf(seed + 200), goesOn, count),
      reportOn(server, goesOn, counts),
    ]);
  });
}

interface Lane {
  goesOn: () => boolean;
  count: (what: string) => void;
}

async function knockOn(server: TestServer, seed: number, goesOn: Lane['goesOn'], count: Lane['count']): Promise<void> {
  const doors = await openHostileDoors(server, seed);
  while (goesOn()) {
    await doors.knock();
    count('texts');
  }
}

async function floodOn(
  { root }: TestServer,
  chance: Chance,
  goesOn: Lane['goesOn'],
  count: Lane['count'],
): Promise<void> {
  while (goesOn()) {
    const name = chance.pick(Object.keys(HOSTILE_BODIES));
    const statuses = (await HOSTILE_BODIES[name]?.(root.Endpoint, chance)) ?? [];
    const fault = statuses.find((status) => status >= 500 && status !== 503);
    if (fault !== undefined) throw new Error(`${name}: answered ${fault}`);
    count('floods');
  }
}

async function buildOn(
  t: TestContext,
  server: TestServer,
  chance: Chance,
  goesOn: Lane['goesOn'],
  count: Lane['count'],
): Promise<void> {
  let before: string | undefined;
  while (goesOn()) {
    const dockerfile = chance.below(3) === 0 ? forging(chance) : hostileDockerfile(chance, DOCKERFILE_CHARS);
    const key = await queueBuild(t, server, { Dockerfile: dockerfile });
    const status = await waitForStatus(server.client, key, isFinal);
    const { Failure } = await native(server.client, `/api/v1/builds/${key.BuildRecordId}`);
    const { Fault, Message } = (Failure ?? {}) as { Fault?: string; Message?: string };
    if (status !== 'SUCCESS' && Fault === 'machine') throw new Error(`a build blames the server: ${Message}`);
    if (before !== undefined) await native(server.client, `/api/v1/builds/${key.BuildRecordId}/diff?with=${before}`);
    before = key.BuildRecordId;
    count('builds');
  }
}

/** A build whose output looks like a builder's, with any number of steps, and long lines that differ each time. */
function forging(chance: Chance): string {
  const end = chance.below(1_000_000);
  const line = `STEP $i/99999999: RUN x ${end} $i`;
  return `FROM busybox\nRUN i=0; while [ $i -lt ${FORGED_STEPS} ]; do echo "${line}"; i=$((i+1)); done\nRUN yes ${end} | tr -d '\\n' | head -c 4000000; exit ${chance.below(2)}\n`;
}

async function reportOn(server: TestServer, goesOn: Lane['goesOn'], counts: Map<string, number>): Promise<void> {
  const pid = server.child.pid ?? 0;
  let settledBytes: number | undefined;
  for (let minute = 1; goesOn(); minute++) {
    const watch = watchLoop(server.root.Endpoint, pid);
    const untilMs = performance.now() + REPORT_MS;
    while (goesOn() && performance.now() < untilMs) await new Promise((resolve) => setTimeout(resolve, 200));
    const { p99WaitMs, longestWaitMs, longestMs } = await watch.stop();
    const bytes = residentBytes(pid);
    const [p99, longest, own] = [p99WaitMs, longestWaitMs, longestMs].map((ms) => ms.toFixed(0));
    const done = [...counts].map(([what, times]) => `${times} ${what}`).join(', ');
    console.log(
      `minute ${minute}: /healthz p99 ${p99} ms, longest ${longest} ms (${own} ms of the server's thread); server ${Math.round(bytes / 2 ** 20)} MiB; ${done}`,
    );
    if (longestMs >= LOOP_LIMIT_MS) throw new Error(`the server's thread computed ${own} ms before an answer`);
    if (minute === MINUTES_TO_SETTLE) settledBytes = bytes;
    if (settledBytes !== undefined && bytes > settledBytes + GROWTH_LIMIT_BYTES) throw new Error('the server grew');
  }
}
