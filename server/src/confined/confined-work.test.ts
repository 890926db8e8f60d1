import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfinedWork, ConfinedWorkExhausted } from './confined-work.ts';
import { TASKS } from './tasks-under-test.ts';

const LIMITS = { inlineChars: 100, processorMs: 60_000, heapMebibytes: 48, replyBytes: 4096 };
const LARGE = 'x'.repeat(200);

test('small work is done at once, larger in a process of its own, which stays for the next and goes at the end', async () => {
  const work = new ConfinedWork(LIMITS);
  assert.deepEqual(await work.run(TASKS.echo, 'x'), { length: 1, pid: process.pid });
  const { pid, length } = await work.run(TASKS.echo, LARGE);
  assert.notEqual(pid, process.pid);
  assert.deepEqual(await work.run(TASKS.echo, `${LARGE}é\n`), { length: length + 2, pid });
  await work.close();
  assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
});

test('work without end, on the heap or beside it, ends alone at its limit; the next begins anew', async () => {
  const cases = [
    [TASKS.spin, { processorMs: 300 }, /more than 0.3 seconds of a processor/],
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

test('what a task throws is thrown, and is no limit', async () => {
  await using work = new ConfinedWork(LIMITS);
  for (const input of ['x', LARGE])
    await assert.rejects(work.run(TASKS.fail, input), { message: 'as it should', name: 'Error' });
});
