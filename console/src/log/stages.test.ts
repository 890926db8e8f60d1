import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Section, Step } from '../api/build.ts';
import { type StagedBuild, stagesOf, stepState } from './stages.ts';

const RUNNING: StagedBuild = { Status: 'BUILDING' };
const FAILED: StagedBuild = { Status: 'FAILED', EndTime: 900 };
const CANCELLED: StagedBuild = { Status: 'CANCELED', EndTime: 900 };

function section(BuildStage: Section['BuildStage'], FirstLine: number, more: Partial<Section>): Section {
  return { BuildStage, Step: 0, Attempt: 1, FirstLine, LineCount: 5, ...more };
}

function step(more: Partial<Step>): Step {
  const place = { Stage: 1, StageCount: 1, Number: 2, NumberCount: 3 };
  return { Step: 1, ...place, Instruction: 'RUN make', Cached: false, StartTime: 300, ...more };
}

test('the last stage is as the build is, and those before it are done', () => {
  const sections = [section('GIT_CLONE', 1, { StartTime: 100 }), section('DOCKER_IMAGE_BUILD', 6, { StartTime: 200 })];
  const states = [RUNNING, FAILED, CANCELLED, { Status: 'SUCCESS', EndTime: 900 } as const].map((build) =>
    stagesOf(sections, build).map(({ state }) => state),
  );
  assert.deepEqual(states, [
    ['done', 'running'],
    ['done', 'failed'],
    ['done', 'cancelled'],
    ['done', 'done'],
  ]);
});

test('a stage begins at its first line, and at the first time that is known', () => {
  const sections = [section('GIT_CLONE', 1, {}), section('GIT_CLONE', 6, { StartTime: 100, EndTime: 150 })];
  const [stage] = stagesOf([...sections, section('DOCKER_IMAGE_BUILD', 9, { StartTime: 200 })], RUNNING);
  assert.deepEqual([stage?.firstLine, stage?.startMs, stage?.endMs], [1, 100, 200]);
});

test('a step that was stopped because another failed beside it is cancelled', () => {
  const stopped = step({ Step: 2, EndTime: 900 });
  const failed = step({ EndTime: 850, ExitCode: 2 });
  for (const build of [RUNNING, FAILED])
    assert.deepEqual(
      [failed, stopped].map((each) => stepState(each, [failed, stopped], build)),
      ['failed', 'cancelled'],
      build.Status,
    );
  assert.equal(stepState(step({ EndTime: 900 }), [step({ EndTime: 900 })], FAILED), 'failed', 'it ran no program');
});

test('a step that fails is shown as failed before its build has ended', () => {
  const failed = step({ EndTime: 850, ExitCode: 2 });
  assert.equal(stepState(failed, [failed], RUNNING), 'failed');
});

test('of a cancelled build, a step that had not ended is cancelled, and one that had is done', () => {
  const steps = [step({ EndTime: 400, ExitCode: 0 }), step({ Step: 2 }), step({ Step: 3, EndTime: 400, Cached: true })];
  assert.deepEqual(
    steps.map((each) => stepState(each, steps, CANCELLED)),
    ['done', 'cancelled', 'cached'],
  );
});
