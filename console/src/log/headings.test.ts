import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Section, Step } from '../api/build.ts';
import { Headings } from './headings.ts';

function section(BuildStage: Section['BuildStage'], Step: number, FirstLine: number, StartTime: number): Section {
  const of = Step === 0 ? {} : { Place: `${Step + 1}/3`, Instruction: 'RUN make' };
  return { BuildStage, Step, Attempt: 1, FirstLine, LineCount: 5, StartTime, EndTime: StartTime + 10, ...of };
}

function step(Step: number, more: Partial<Step>): Step {
  const place = { Stage: 1, StageCount: 1, Number: Step + 1, NumberCount: 3 };
  return { Step, ...place, Instruction: 'RUN make', Cached: false, StartTime: 300, ...more };
}

const SECTIONS = [
  section('GIT_CLONE', 0, 1, 100),
  section('DOCKER_IMAGE_BUILD', 0, 6, 200),
  section('DOCKER_IMAGE_BUILD', 1, 11, 300),
  section('DOCKER_IMAGE_BUILD', 2, 16, 400),
  section('DOCKER_IMAGE_BUILD', 1, 21, 500),
];

test('each stage and step is headed by its first line, with its duration and how it went', () => {
  const steps = [step(1, { EndTime: 900, ExitCode: 2 }), step(2, { Cached: true, EndTime: 410 })];
  const headings = new Headings(SECTIONS, steps, { Status: 'FAILED', EndTime: 1000 });
  const known = [1, 6, 11, 16].map((line) => headings.at(line));
  assert.deepEqual(
    known.map((heading) => heading && [heading.label, heading.startMs, heading.endMs, heading.state]),
    [
      ['Fetch', 100, 200, 'done'],
      ['Build', 200, 1000, 'failed'],
      ['2/3: RUN make', 300, 900, 'failed'],
      ['3/3: RUN make', 300, 410, 'cached'],
    ],
  );
  assert.equal(headings.at(21), undefined, 'a step that goes on after another one has no second heading');
});

test('a step of a Dockerfile with several stages is headed by its instruction first, then by the name of its stage', () => {
  const label = (more: Partial<Step>) => {
    const of = { ...section('DOCKER_IMAGE_BUILD', 1, 11, 300), Place: '2/3 of stage 1/2' };
    return new Headings([section('DOCKER_IMAGE_BUILD', 0, 6, 200), of], [step(1, more)], { Status: 'BUILDING' }).at(11)
      ?.label;
  };
  assert.equal(label({ StageCount: 2, StageName: 'tools' }), '2/3: RUN make · stage 1/2 (tools)');
  assert.equal(label({ StageCount: 2 }), '2/3: RUN make · stage 1/2');
});

test('a line between those of other steps is known to be of its own step', () => {
  const headings = new Headings(SECTIONS, [step(1, {})], { Status: 'BUILDING' });
  assert.equal(headings.around(0), undefined);
  assert.equal(headings.around(3)?.step, undefined);
  assert.equal(headings.around(18)?.step?.line, 16);
  assert.equal(headings.around(23)?.step?.line, 11);
  assert.equal(headings.around(23)?.stage.line, 6);
  assert.equal(headings.at(11)?.state, 'running');
});

test('the headings of a cancelled build, and of a step stopped beside one that failed, say that they were cancelled', () => {
  const steps = [step(1, { EndTime: 900, ExitCode: 2 }), step(2, {})];
  const statesOf = (Status: 'CANCELED' | 'FAILED') => {
    const headings = new Headings(SECTIONS, steps, { Status, EndTime: 1000 });
    return [6, 11, 16].map((line) => headings.at(line)?.state);
  };
  assert.deepEqual(statesOf('CANCELED'), ['cancelled', 'cancelled', 'cancelled']);
  assert.deepEqual(statesOf('FAILED'), ['failed', 'failed', 'cancelled']);
});
