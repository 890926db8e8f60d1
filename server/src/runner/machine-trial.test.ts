import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Sandbox } from '#sandbox/client/sandbox.ts';
import { MachineTrial } from './machine-trial.ts';

function trialOf(buildProblems: { what: string; fix: string }[][]) {
  const asked: boolean[] = [];
  const clock = { ms: 1_000_000 };
  const sandbox = {
    check: async ({ build } = { build: false }) => {
      asked.push(build);
      const problems = build ? (buildProblems.shift() ?? []) : [];
      return { ok: problems.length === 0, problems };
    },
  } as unknown as Sandbox;
  const trial = new MachineTrial({ sandbox, monotonicMs: () => clock.ms, report: () => undefined });
  return { trial, asked, clock };
}

test('a trial build runs once, however often readiness is checked', async () => {
  const { trial, asked } = trialOf([]);
  await Promise.all([trial.problems(), trial.problems(), trial.visibleProblems()]);
  assert.deepEqual(await trial.problems(), []);
  assert.deepEqual(asked, [false, true]);
});

test('a broken builder is reported with its message, and tried again half a minute later', async () => {
  const { trial, asked, clock } = trialOf([[{ what: 'it lacks a part', fix: 'install it' }]]);
  assert.deepEqual(await trial.problems(), ['it lacks a part; install it']);
  clock.ms += 29_999;
  assert.deepEqual(await trial.problems(), ['it lacks a part; install it']);
  assert.deepEqual(asked, [false, true]);
  clock.ms += 1;
  assert.deepEqual(await trial.problems(), []);
  assert.deepEqual(asked, [false, true, true]);
});
