/*
 * The output of steps, from the step to the log: one step prints a million and then ten million lines, all of which
 * must be in the log, with the peak memory of the server, its helper and the build; and, in a chatty build, the time
 * from a step's write to a follower's line. Real builds in the sandbox. Needs root. `node bench/step-output.ts [LINES]`
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { findCgroupRoots, listCgroupIds } from '../server/src/sandbox/box/cgroup.ts';
import { processes } from '../test/support/leftovers.ts';
import { type BuildKey, isFinal, waitForSeal, waitForStatus } from '../test/support/log-reader.ts';
import { queueBuild } from '../test/support/queue-build.ts';
import { startServer, type TestServer } from '../test/support/slipway.ts';
import { Figures, percentile } from './support/figures.ts';

const MANY_LINES = Number(process.argv[2] ?? 10_000_000);
const FEW_LINES = MANY_LINES / 10;
const CHATTY_LINES = 5000;
const LOOK_MS = 50;
const FLAGS = ['--build-timeout-seconds', '3600', '--build-memory-mebibytes', '256'];

// Run as a test, so that the test runner cleans up the servers.
test('the output of steps reaches the log whole, in constant memory, at once', async (t) => {
  const server = await startServer(t, { flags: FLAGS });
  const figures = new Figures('The output of steps');
  await print(t, server, FEW_LINES);
  const few = await print(t, server, FEW_LINES);
  const many = await print(t, server, MANY_LINES);
  const detail = `${mebibytes(few.serverBytes)} and ${mebibytes(many.serverBytes)} MiB`;
  figures.atLeast('lines in the log', many.lines / MANY_LINES, 1, `${MANY_LINES} of one step, each read back`);
  figures.atMost(
    'peak memory of the server, ten times as many lines',
    many.serverBytes / few.serverBytes,
    1.15,
    detail,
  );
  const helper = `${mebibytes(few.helperBytes)} and ${mebibytes(many.helperBytes)} MiB`;
  figures.atMost('of its helper', many.helperBytes / few.helperBytes, 1.15, helper);
  const box = `${mebibytes(few.boxBytes)} and ${mebibytes(many.boxBytes)} MiB`;
  figures.atMost('of the build itself, builder and step', many.boxBytes / few.boxBytes, 1.15, box);
  figures.report(
    'lines a second',
    many.lines / (many.wallMs / 1000),
    `${Math.round(many.wallMs / 1000)} s with the whole build`,
  );
  const lags = await chat(t, server);
  figures.report(
    'from a write to a follower’s line, p50, ms',
    percentile(lags, 50),
    `${lags.length} lines; the step’s clock ticks each 10 ms`,
  );
  figures.atMost(
    'from a write to a follower’s line, p99, ms',
    percentile(lags, 99),
    100,
    `at most ${Math.round(Math.max(...lags))}`,
  );
  figures.print();
});

interface Printed {
  lines: number;
  wallMs: number;
  serverBytes: number;
  helperBytes: number;
  boxBytes: number;
}

/** Builds a step that counts; returns how many of its lines are in the log, in order. */
async function print(t: TestContext, server: TestServer, count: number): Promise<Printed> {
  const ofHelper = (cmdline: string) => /^\S*node .*\/helper\.ts /.test(cmdline) && cmdline.includes(server.dataFolder);
  const helper = processes().find(({ cmdline }) => ofHelper(cmdline));
  const pids = [server.child.pid, helper?.pid];
  for (const pid of pids) writeFileSync(`/proc/${pid}/clear_refs`, '5');
  const start = performance.now();
  const key = await queueBuild(t, server, { Dockerfile: `FROM busybox\nRUN seq ${count} # ${start}\n` });
  let boxBytes = 0;
  const look = setInterval(() => {
    boxBytes = Math.max(boxBytes, boxMemory(key.BuildRecordId));
  }, LOOK_MS);
  const status = await waitForStatus(server.client, key, isFinal).finally(() => clearInterval(look));
  const wallMs = performance.now() - start;
  if (status !== 'SUCCESS') throw new Error(`the build of ${count} lines is ${status}`);
  const [serverBytes = 0, helperBytes = 0] = pids.map((pid) => memoryOf(pid));
  await waitForSeal(server.client, key.BuildRecordId);
  let lines = 0;
  for await (const { texts } of follow(server, key))
    for (const text of texts) if (text === String(lines + 1)) lines += 1;
  return { lines, wallMs, serverBytes, helperBytes, boxBytes };
}

/** The times from a step's write to a follower's line. The step prints the machine's uptime with each line. */
async function chat(t: TestContext, server: TestServer): Promise<number[]> {
  const upAtMs = await findBoot();
  const say = 'read -r up rest </proc/uptime; echo "up $up"; usleep 1000';
  const loop = `i=0; while [ $i -lt ${CHATTY_LINES} ]; do ${say}; i=$((i+1)); done`;
  const key = await queueBuild(t, server, { Dockerfile: `FROM busybox\nRUN ${loop}\n` });
  const lags: number[] = [];
  for await (const { texts, atMs } of follow(server, key)) {
    for (const text of texts) {
      const up = /^up ([\d.]+)$/.exec(text)?.[1];
      if (up !== undefined) lags.push(atMs - (upAtMs + Number(up) * 1000));
    }
  }
  if (lags.length !== CHATTY_LINES) throw new Error(`${lags.length} of ${CHATTY_LINES} lines came`);
  return lags;
}

/** When the machine started, by this process's clock: what /proc/uptime says right after it ticked. */
async function findBoot(): Promise<number> {
  const read = () => readFileSync('/proc/uptime', 'latin1').split(' ')[0];
  const before = read();
  for (;;) {
    const now = read();
    if (now !== before) return performance.now() - Number(now) * 1000;
  }
}

/** The lines of a log as a follower gets them, up to its end. */
async function* follow(
  server: TestServer,
  { BuildRecordId }: BuildKey,
): AsyncGenerator<{ texts: string[]; atMs: number }> {
  const response = await server.client.fetch(`/api/v1/builds/${BuildRecordId}/log/stream`);
  if (!response.ok || response.body === null) throw new Error(`the stream of a log is ${response.status}`);
  const decoder = new TextDecoder();
  let pieces: string[] = [];
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    const atMs = performance.now();
    const piece = decoder.decode(chunk, { stream: true });
    const end = piece.lastIndexOf('\n');
    if (end < 0) {
      pieces.push(piece);
      continue;
    }
    const parts = `${pieces.join('')}${piece.slice(0, end)}`.split('\n');
    pieces = [piece.slice(end + 1)];
    const named = parts.find((part) => part.startsWith('event: ') && part !== 'event: end');
    if (named) throw new Error(`the stream of a log says ${named}`);
    const lines = parts.filter((part) => part.startsWith('data: [')).map((part) => JSON.parse(part.slice(6)));
    yield { texts: (lines.flat() as { Message: string }[]).map(({ Message }) => Message), atMs };
  }
}

/** The peak of a process's memory. */
function memoryOf(pid: number | undefined): number {
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
}

/** The memory of a build's processes, without the kernel's file cache; 0 while there is no box. */
function boxMemory(buildId: string): number {
  const roots = findCgroupRoots();
  for (const root of roots.needed) {
    for (const prefix of listCgroupIds(roots, 'slipway')) {
      const file = join(root, 'slipway', prefix, buildId, 'limit', 'memory.stat');
      const stat = existsSync(file) ? readFileSync(file, 'utf8') : '';
      const anonymous = /^(?:total_rss|anon) (\d+)$/m.exec(stat)?.[1];
      if (anonymous !== undefined) return Number(anonymous);
    }
  }
  return 0;
}

function mebibytes(bytes: number): number {
  return Math.round(bytes / 2 ** 20);
}
