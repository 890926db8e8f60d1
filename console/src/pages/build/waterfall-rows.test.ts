import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BuildDetail, Section, Step } from '../../api/build.ts';
import { waterfallRows } from './waterfall-rows.ts';

const build = (given: Partial<BuildDetail>) =>
  ({ CreateTime: 0, StartTime: 10_000, EndTime: 20_000, Status: 'SUCCESS', ...given }) as BuildDetail;
const section = (BuildStage: Section['BuildStage'], StartTime: number, EndTime: number) =>
  ({ BuildStage, Step: 0, Attempt: 1, FirstLine: 1, LineCount: 5, StartTime, EndTime }) as Section;
const STEP: Step = {
  Step: 1,
  Stage: 1,
  StageCount: 1,
  Number: 1,
  NumberCount: 2,
  Instruction: 'RUN x',
  Cached: false,
  StartTime: 11_000,
  EndTime: 12_000,
  ExitCode: 0,
  FirstLine: 4,
};
const step = (given: Partial<Step>): Step => ({ ...STEP, ...given });
const BUILDS = [section('GIT_CLONE', 10_000, 11_000), section('DOCKER_IMAGE_BUILD', 11_000, 20_000)];

function shown(given: Partial<BuildDetail>, steps: readonly Step[]): string[] {
  return waterfallRows(build(given), BUILDS, steps).map(({ kind, label, state }) => `${kind} ${label}: ${state}`);
}

test('a cancelled build and the step that it stopped look neither done nor failed', () => {
  const steps = [step({}), step({ Step: 2, Instruction: 'RUN y', ExitCode: undefined })];
  assert.deepEqual(shown({ Status: 'CANCELED' }, steps), [
    'wait Queue: done',
    'stage Fetch: done',
    'stage Build: cancelled',
    'step RUN x: done',
    'step RUN y: cancelled',
  ]);
});

test('of steps that ran side by side, only the one that failed is shown as failed', () => {
  const steps = [step({ ExitCode: 1 }), step({ Step: 2, Instruction: 'RUN y', ExitCode: undefined })];
  const rows = shown({ Status: 'FAILED' }, steps);
  assert.deepEqual(rows.slice(-2), ['step RUN x: failed', 'step RUN y: cancelled']);
  const [copy] = shown({ Status: 'FAILED' }, [step({ Instruction: 'COPY a b', ExitCode: undefined })]).slice(-1);
  assert.equal(copy, 'step COPY a b: failed', 'no program ran that could have had an exit code');
});

test('a build of several stages has their steps in groups, each with its whole time', () => {
  const steps = [
    step({ Instruction: 'COPY a b', StageCount: 2, StageName: 'tools' }),
    step({ Step: 3, Stage: 2, StageCount: 2, Instruction: 'RUN b', StartTime: 11_500, EndTime: 13_000 }),
    step({ Step: 2, StageCount: 2, StageName: 'tools', Instruction: 'RUN a', StartTime: 12_000, EndTime: 18_000 }),
  ];
  const rows = waterfallRows(build({}), BUILDS, steps).slice(3);
  assert.deepEqual(
    rows.map(({ label }) => label),
    ['Stage 1/2: tools', 'COPY a b', 'RUN a', 'Stage 2/2', 'RUN b'],
  );
  assert.deepEqual([rows[0]?.startMs, rows[0]?.endMs], [11_000, 18_000]);
});

test('a running build ends where nothing has ended yet', () => {
  const steps = [step({ EndTime: undefined, ExitCode: undefined })];
  const rows = waterfallRows(build({ Status: 'BUILDING', EndTime: undefined }), BUILDS, steps);
  assert.deepEqual(
    rows.slice(-2).map(({ state, endMs }) => [state, endMs]),
    [
      ['running', undefined],
      ['running', undefined],
    ],
  );
});

test('a wait is a row if it was longer than it takes to claim a build', () => {
  const waits = (ms: number) => shown({ CreateTime: 10_000 - ms }, [])[0] === 'wait Queue: done';
  assert.deepEqual([1000, 1001].map(waits), [false, true]);
});
