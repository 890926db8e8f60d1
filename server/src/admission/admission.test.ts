import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Semaphore } from './semaphore.ts';
import { Shares } from './shares.ts';

test('at most the limit of tasks run at once, even when one arrives at the moment another ends', async () => {
  // Trying each number of microtask turns covers every moment of a task's end.
  for (let turns = 0; turns < 12; turns += 1) {
    const semaphore = new Semaphore(2);
    let [running, most] = [0, 0];
    const ends: PromiseWithResolvers<void>[] = [];
    const task = async () => {
      running += 1;
      most = Math.max(most, running);
      const end = Promise.withResolvers<void>();
      ends.push(end);
      await end.promise;
      running -= 1;
    };
    const tasks = [1, 2, 3].map(() => semaphore.run(task));
    assert.deepEqual([semaphore.held, semaphore.waiting], [3, 1]);
    const late = (async () => {
      await ends[0]?.promise;
      for (let turn = 0; turn < turns; turn += 1) await undefined;
      return semaphore.run(task);
    })();
    for (let left = 4; left > 0; left -= 1) {
      while (ends.length === 0) await new Promise(setImmediate);
      ends.shift()?.resolve();
      await new Promise(setImmediate);
    }
    await Promise.all([...tasks, late]);
    assert.deepEqual([most, semaphore.held], [2, 0], `after ${turns} turns`);
  }
});

test('a task that fails lets the next one run', async () => {
  const semaphore = new Semaphore(1);
  const failed = semaphore.run(async () => assert.fail('it fails'));
  assert.equal(await semaphore.run(async () => 'next').finally(() => failed.catch(() => undefined)), 'next');
});

test('a key never holds less than nothing', () => {
  const shares = new Shares();
  shares.add('a', 2);
  shares.add('a', -1);
  assert.deepEqual([shares.of('a'), shares.of('b')], [1, 0]);
  shares.add('a', -5);
  assert.equal(shares.of('a'), 0);
});
