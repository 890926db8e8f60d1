import assert from 'node:assert/strict';
import { test } from 'node:test';
import { repeat } from './repeat.ts';

test('acts at once and again after each interval, never twice at a time, also after a fault, and ends what it began', async (context) => {
  context.mock.timers.enable({ apis: ['setInterval'] });
  const acts: PromiseWithResolvers<void>[] = [];
  const faults: unknown[] = [];
  const act = () => {
    const next = Promise.withResolvers<void>();
    acts.push(next);
    return next.promise;
  };
  const repeated = repeat(1000, act, (error) => faults.push(error));
  assert.equal(acts.length, 1);
  context.mock.timers.tick(5000);
  assert.equal(acts.length, 1);
  acts[0]?.reject('inner');
  await new Promise(setImmediate);
  assert.deepEqual(faults, ['inner']);
  context.mock.timers.tick(1000);
  assert.equal(acts.length, 2);
  let isClosed = false;
  const closed = repeated.close().then(() => {
    isClosed = true;
  });
  await new Promise(setImmediate);
  assert.equal(isClosed, false);
  acts[1]?.resolve();
  await closed;
  context.mock.timers.tick(5000);
  assert.equal(acts.length, 2);
});
