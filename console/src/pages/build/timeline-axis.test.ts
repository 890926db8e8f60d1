import assert from 'node:assert/strict';
import { test } from 'node:test';
import { timelineAxis } from './timeline-axis.ts';

test('a long queue takes a small part of the timeline, and the axis breaks where the build started', () => {
  const axis = timelineAxis({ requestedMs: 0, startedMs: 600_000, endMs: 610_000 });
  assert.equal(axis.breakAt, 12);
  const places = [0, 300_000, 600_000, 605_000, 610_000].map((timeMs) => Math.round(axis.at(timeMs)));
  assert.deepEqual(places, [0, 6, 12, 56, 100]);
});

test('a short queue is drawn by the same scale as the rest', () => {
  const axis = timelineAxis({ requestedMs: 0, startedMs: 1000, endMs: 10_000 });
  assert.equal(axis.breakAt, undefined);
  assert.deepEqual(
    [0, 1000, 5500, 10_000].map((timeMs) => Math.round(axis.at(timeMs))),
    [0, 10, 55, 100],
  );
});

test('a build that has just started, or that runs by a clock that is behind, stays within the timeline', () => {
  for (const endMs of [1000, 500]) {
    const axis = timelineAxis({ requestedMs: 1000, startedMs: 1000, endMs });
    for (const timeMs of [0, 500, 1000, 2000]) {
      const at = axis.at(timeMs);
      assert.ok(at >= 0 && at <= 100, `${at}`);
    }
  }
});

test('the ticks are round times, at most six, from the start of the build to its end', () => {
  for (const [runMs, expected] of [
    [450, [0, 100, 200, 300, 400]],
    [12_000, [0, 5000, 10_000]],
    [95_000, [0, 30_000, 60_000, 90_000]],
    [3_600_000, [0, 900_000, 1_800_000, 2_700_000, 3_600_000]],
  ] as const) {
    const { ticks } = timelineAxis({ requestedMs: 0, startedMs: 0, endMs: runMs });
    assert.deepEqual(
      ticks.map(({ ms }) => ms),
      expected,
    );
  }
});
