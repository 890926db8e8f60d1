import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ConfinedWork, ConfinedWorkExhausted } from './confined-work.ts';
import { TASKS } from './testing/tasks.ts';

const LIMITS = { inlineChars: 100, processorMs: 60_000, heapMebibytes: 48, replyBytes: 4096 };
const LARGE = 'x'.repeat(200);

test('runs small work in-process, and larger work in a separate process that later tasks reuse and close ends', async () => {
  const work = new ConfinedWork(LIMITS);
  assert.deepEqual(await work.run(TASKS.echo, 'x'), { length: 1, pid: process.pid });
  const { pid, length } = await work.run(TASKS.echo, LARGE);
  assert.notEqual(pid, process.pid);
  assert.deepEqual(await work.run(TASKS.echo, `${LARGE}é\n`), { length: length + 2, pid });
  await work.close();
  assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
});

test('passes a text received as bytes to the process unchanged, and decodes it only there', async (t) => {
  await using work = new ConfinedWork(LIMITS);
  const text = `{"a": "é\n\u2028"}\n\n`.repeat(100_000);
  const bytes = Buffer.from(text);
  const here = t.mock.method(bytes, 'toString');
  const { pid, length } = await work.runText(TASKS.echo, bytes);
  assert.deepEqual([pid === process.pid, length, here.mock.callCount()], [false, text.length, 0]);
  // The next task is read from where the text ended.
  assert.deepEqual(await work.runText(TASKS.echo, bytes), { length, pid });
  assert.deepEqual(await work.run(TASKS.echo, LARGE), { length: LARGE.length, pid });
  assert.deepEqual(await work.runText(TASKS.echo, Buffer.from('é')), { length: 1, pid: process.pid });
  await using always = new ConfinedWork({ ...LIMITS, inlineChars: 0 });
  assert.equal((await always.runText(TASKS.echo, Buffer.alloc(0))).length, 0);
  await assert.rejects(work.runText(TASKS.fail, bytes), { message: 'as it should' });
});

test('work that never ends, or outgrows its memory on or off the heap, is killed at its limit, and the next task starts fresh', async () => {
  const cases = [
    [TASKS.spin, { processorMs: 300 }, /more than 0.3 seconds of CPU time/],
    [TASKS.growArray, {}, /more than 48 MiB of memory/],
    [TASKS.growBuffers, {}, /more than 48 MiB of memory/],
  ] as const;
  for (const [task, limit, words] of cases) {
    await using work = new ConfinedWork({ ...LIMITS, ...limit });
    await assert.rejects(
      work.run(task, LARGE),
      (error) => error instanceof ConfinedWorkExhausted && words.test(error.message),
    );
    assert.equal((await work.run(TASKS.echo, LARGE)).length, LARGE.length);
  }
});

test('the process uses no files but the server’s code and those named to it, and starts no programs', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-confined-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const limits = { ...LIMITS, inlineChars: 0 };
  const [allowed, denied] = ['allowed', 'ERR_ACCESS_DENIED'];
  await using none = new ConfinedWork(limits);
  assert.deepEqual(await none.run(TASKS.reachOut, folder), [denied, denied, denied]);
  await using reader = new ConfinedWork(limits, { reads: [folder] });
  assert.deepEqual(await reader.run(TASKS.reachOut, folder), [allowed, denied, denied]);
  await using writer = new ConfinedWork(limits, { reads: [folder], writes: [folder] });
  assert.deepEqual(await writer.run(TASKS.reachOut, folder), [allowed, allowed, denied]);
});

test('throws what a task throws, and does not report it as a limit', async () => {
  await using work = new ConfinedWork(LIMITS);
  for (const input of ['x', LARGE])
    await assert.rejects(work.run(TASKS.fail, input), { message: 'as it should', name: 'Error' });
});
