import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeStep, FRAME_TYPES } from '../protocol/frame.ts';
import { StepStreams } from './step-streams.ts';

/** A folder for streams, and their output. `stall` leaves no room for more until its result is called. */
function openStreams(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-streams-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const printed = new Map<number, string>();
  const ended: [step: number, isLost: boolean][] = [];
  let room: PromiseWithResolvers<void> | undefined;
  const streams = new StepStreams(folder, {
    write: (type, ...parts) => {
      const { step, rest } = decodeStep(Buffer.concat(parts));
      if (type === FRAME_TYPES.step) printed.set(step, (printed.get(step) ?? '') + rest.toString());
      else ended.push([step, rest[0] !== 1]);
      return room === undefined;
    },
    room: async () => room?.promise,
  });
  const stall = (): (() => void) => {
    const stalled = Promise.withResolvers<void>();
    room = stalled;
    return () => {
      room = undefined;
      stalled.resolve();
    };
  };
  return { folder, streams, printed, ended, stall };
}

/** Runs a step's script as step-runtime.sh does. Resolves when the pipes exist. */
async function startStep(t: TestContext, folder: string, name: string, script: string, word = 'ended') {
  const runtime = `
    cd "$1" && mkfifo $2 $2.life $2.ack && exec 5<>$2.ack && echo marked && exec 6>$2 4>$2.life && rm $2 $2.life $2.ack
    sh -c "$3" >&6 2>&1 4>&- 5>&- 6>&-
    exec 6>&-; echo ${word} >&4; exec 4>&-; read -r _ <&5`;
  const child = spawn('sh', ['-c', runtime, 'sh', folder, name, script], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  const exit = once(child, 'close');
  await once(child.stdout, 'data');
  return { child: child as ChildProcess, exit };
}

/** The numbers as `seq` prints them. */
const numbers = (last: number) => Array.from({ length: last }, (_, at) => `${at + 1}\n`).join('');
const openPipes = () => readdirSync('/proc/self/fd').length;

test('passes on what a step prints whole and in order, then its end, and leaves no pipe', async (t) => {
  const { folder, streams, printed, ended } = openStreams(t);
  const before = openPipes();
  const steps = await Promise.all([1, 2].map((at) => startStep(t, folder, `s${at}`, `seq ${at}00000; echo e >&2`)));
  streams.open('s1', 1);
  streams.open('s2', 2);
  // Named a second time, as a compromised builder might do.
  streams.open('s1', 2);
  for (const { exit } of steps) assert.deepEqual(await exit, [0, null]);
  for (const at of [1, 2]) assert.equal(printed.get(at), `${numbers(at * 100_000)}e\n`);
  assert.deepEqual(ended.toSorted(), [
    [1, false],
    [2, false],
  ]);
  assert.deepEqual(readdirSync(folder), []);
  await streams.close();
  assert.ok(openPipes() <= before, 'descriptors are closed');
});

test('ends the stream of a step that has ended, though another program holds the pipe and writes on', async (t) => {
  const { folder, streams, printed, ended } = openStreams(t);
  const step = await startStep(
    t,
    folder,
    'held',
    'echo mine; (while true; do echo late; sleep 0.01; done) & echo last',
  );
  streams.open('held', 7);
  await step.exit;
  const then = printed.get(7);
  assert.match(then ?? '', /^mine\n(late\n)*last\n(late\n)*$/);
  assert.deepEqual(ended, [[7, false]]);
  await sleep(50);
  assert.equal(printed.get(7), then);
});

test('reports a step as lost, with its output so far, when its runtime was killed or says that crun was', async (t) => {
  const { folder, streams, printed, ended } = openStreams(t);
  const killed = await startStep(t, folder, 'killed', 'echo $$; exec sleep 600');
  streams.open('killed', 1);
  while (!printed.has(1)) await sleep(5);
  killed.child.kill('SIGKILL');
  const said = await startStep(t, folder, 'said', 'true', 'lost');
  streams.open('said', 2);
  await said.exit;
  while (ended.length < 2) await sleep(5);
  assert.deepEqual(ended.toSorted(), [
    [1, true],
    [2, true],
  ]);
  process.kill(Number(printed.get(1)), 'SIGKILL');
});

test('makes a step, and its end, wait for a reader that stalls', async (t) => {
  const { folder, streams, printed, ended, stall } = openStreams(t);
  const goOn = stall();
  const step = await startStep(t, folder, 'slow', 'seq 300000');
  streams.open('slow', 1);
  while (!printed.has(1)) await sleep(5);
  await sleep(50);
  const taken = printed.get(1)?.length ?? 0;
  assert.ok(taken <= 2 * 2 ** 16, `${taken} bytes were read ahead`);
  assert.deepEqual([step.child.exitCode, ended.length], [null, 0]);
  goOn();
  await step.exit;
  assert.equal(printed.get(1), numbers(300_000));
});

test('serves hundreds of steps at once with few descriptors', async (t) => {
  const { folder, streams, printed, ended } = openStreams(t);
  const before = openPipes();
  const steps = await Promise.all(Array.from({ length: 100 }, (_, at) => startStep(t, folder, `s${at}`, `echo ${at}`)));
  const beside = openPipes();
  for (const at of steps.keys()) {
    streams.open(`s${at}`, at);
    // Steps that were cancelled while they waited hold nobody up.
    if (at === 70) for (let gone = 0; gone < 100; gone += 1) streams.open(`gone${gone}`, 1);
  }
  assert.ok(openPipes() - beside <= 4 * 64);
  await Promise.all(steps.map(({ exit }) => exit));
  assert.equal(ended.length, 100);
  for (const at of steps.keys()) assert.equal(printed.get(at), `${at}\n`);
  assert.ok(openPipes() <= before);
});

test('opens only streams: no names that lead away, no links, no files, no pipes without a writer', async (t) => {
  const { folder, streams, ended } = openStreams(t);
  const before = openPipes();
  for (const end of ['', '.life', '.ack']) {
    symlinkSync('/dev/zero', join(folder, `link${end}`));
    writeFileSync(join(folder, `file${end}`), 'x');
    execFileSync('mkfifo', [join(folder, `alone${end}`)]);
  }
  for (const name of ['../x', '/dev/zero', 'link', 'file', 'alone', 'missing', 'a.b', '', 7, undefined])
    streams.open(name, 1);
  for (const step of ['1', -1, 1.5, 2 ** 32, undefined]) streams.open('alone', step);
  await streams.close();
  assert.deepEqual([ended, openPipes()], [[], before]);
});
