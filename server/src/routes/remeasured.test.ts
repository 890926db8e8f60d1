import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { remeasured } from './remeasured.ts';

test('a reader of a dear figure gets the last one at once, and only one measurement runs', async () => {
  const { figure, begun, end } = figureUnderTest();
  assert.deepEqual([figure.last(), figure.last(), begun()], [undefined, undefined, 1]);
  await end(1);
  assert.deepEqual([figure.last(), begun()], [1, 1]);
});

test('a figure is measured at most every so often, and for at most a hundredth of the time', async () => {
  const { figure, begun, end, pass } = figureUnderTest();
  figure.last();
  await end(1);
  pass(599);
  assert.deepEqual([figure.last(), begun()], [1, 1]);
  pass(1);
  assert.deepEqual([figure.last(), begun()], [1, 2]);
  // This one takes long.
  pass(30);
  await end(2);
  pass(2999);
  assert.deepEqual([figure.last(), begun()], [2, 2]);
  pass(1);
  assert.deepEqual([figure.last(), begun()], [2, 3]);
});

test('a measurement that fails is reported, keeps the figure before, and is tried again later', async () => {
  const { figure, begun, end, fail, pass, reported } = figureUnderTest();
  figure.last();
  await end(1);
  pass(600);
  figure.last();
  const error = new Error('the disk is gone');
  await fail(error);
  assert.deepEqual([figure.last(), begun(), reported], [1, 2, [error]]);
  pass(600);
  figure.last();
  assert.equal(begun(), 3);
});

function figureUnderTest() {
  let nowMs = 0;
  const running: PromiseWithResolvers<number>[] = [];
  const reported: unknown[] = [];
  const figure = remeasured({
    measure: () => {
      const measurement = Promise.withResolvers<number>();
      running.push(measurement);
      return measurement.promise;
    },
    atMostEveryMs: 600,
    monotonicMs: () => nowMs,
    report: (error) => void reported.push(error),
  });
  return {
    figure,
    reported,
    begun: () => running.length,
    pass: (ms: number) => {
      nowMs += ms;
    },
    end: async (value: number) => {
      running.at(-1)?.resolve(value);
      await turn();
    },
    fail: async (error: Error) => {
      running.at(-1)?.reject(error);
      await turn();
    },
  };
}
