import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BuildFailed } from '../failure/build-failed.ts';
import { planDockerfile } from './dockerfile.ts';
import { planOrRefusal } from './plan-dockerfile.ts';

const plan = (text: string, buildArgs: readonly string[] = []) =>
  planDockerfile({ path: 'sub/Dockerfile', text }, buildArgs, ['linux/amd64']);

const many = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => line(i)).join('');

const answer = (text: string) =>
  planOrRefusal({ dockerfile: { path: 'D', text }, buildArgs: [], platforms: ['linux/amd64'], asked: {} });

function assertRefused(text: string, says: RegExp, line?: number): void {
  const told = answer(text);
  assert.ok('refusal' in told);
  assert.match(told.refusal, says);
  assert.equal(told.lines?.firstLine, line);
}

test('values that double from ARG to ARG, or nest too deep, fail the build at the line where they pass the limit', () => {
  const doubling = Array.from({ length: 40 }, (_, i) => `ARG A${i + 1}=$A${i}$A${i}\n`).join('');
  assertRefused(`ARG A0=x\n${doubling}FROM a\n`, /longer than 8192 characters/, 15);
  assertRefused(`FROM a\nARG A=${'${a:-'.repeat(20_000)}\n`, /more than 50 deep/, 2);
  assertRefused(`FROM ${'a'.repeat(2000)}\n`, /longer than 1024 characters/, 1);
});

test('a Dockerfile with too many instructions, images or secrets is refused at the line that passes the limit', () => {
  const read = answer(`FROM a AS s0\n${many(4000, (i) => `FROM s${i} AS s${i + 1}\n`)}RUN x\n`);
  assert.equal('plan' in read && read.plan.stages.length, 4001);
  assertRefused(
    many(12_000, () => 'FROM a\n'),
    /has 12000 instructions; 5000 is the limit/,
  );
  assertRefused(`FROM a\n${many(300, (i) => `COPY --from=a${i} x x\n`)}`, /more than 200 images/);
  assertRefused(`FROM a\n${many(300, (i) => `RUN --mount=type=secret,id=s${i} x\n`)}`, /more than 200 secrets/);
});

test('a Dockerfile that costs too much to parse fails its build as the source’s fault, and the parsing process is killed', async () => {
  const dockerfile = { path: 'sub/Dockerfile', text: `FROM a\nCOPY ${'--from=a '.repeat(80_000)} x y\n` };
  assert.equal((await planDockerfile(dockerfile, [], ['linux/amd64'])).stages.length, 1);
  await assert.rejects(
    planDockerfile(dockerfile, [], ['linux/amd64'], {}, { processorMs: 1 }),
    (error) =>
      error instanceof BuildFailed &&
      error.fault === 'source' &&
      error.message === 'sub/Dockerfile cannot be read as a Dockerfile: it took more than 0.001 seconds of CPU time',
  );
});

test('an instruction with more lines than the builder can report is refused, with or without a here-document', () => {
  for (const instruction of ['\\\n'.repeat(20_001), `RUN <<A\n${'x\n'.repeat(20_000)}A\n`])
    assertRefused(`FROM a\n${instruction}`, /the instruction at line 2 has more than 20000 lines/);
  assert.ok('plan' in answer(`FROM a\nRUN <<A\n${'x\n'.repeat(19_990)}A\n`));
});

test('a mount from the number of a stage is refused with an explanation, if the stage is built', async () => {
  await assert.rejects(
    plan('FROM a\nFROM b\n\nRUN --mount=from=0,target=/x ls\n'),
    (error) =>
      error instanceof BuildFailed &&
      /^RUN --mount=from=0 cannot be built: .*name the stage/.test(error.message) &&
      error.dockerfile?.firstLine === 4,
  );
  const { images } = await plan('FROM a\nRUN --mount=from=0 x\nFROM b\nRUN --mount=from=7 x\n');
  assert.deepEqual(
    images.map(({ image, isBase }) => [image, isBase]),
    [
      ['b', true],
      ['7', false],
    ],
  );
});

test('a file that asks for another frontend is refused, with the line', async () => {
  await assert.rejects(
    plan('#!/usr/bin/env x\n// syntax=docker.io/team/reader\nFROM a\n'),
    (error) =>
      error instanceof BuildFailed &&
      error.dockerfile?.firstLine === 2 &&
      error.message ===
        'sub/Dockerfile asks in line 2 (// syntax=) for a frontend of another language; Slipway builds only Dockerfiles',
  );
});

test('work beyond linear cost is counted over the whole Dockerfile: patterns, and the lines that ONBUILD adds', () => {
  const long = 'a'.repeat(1000);
  const patterns = (count: number) =>
    `ARG A=${long}\n${many(count, () => `ARG B=\${A##*${'a*'.repeat(50)}b}\n`)}FROM a\n`;
  assert.ok('plan' in answer(patterns(30)));
  assertRefused(patterns(60), /patterns of its \$\{…\} take more than 4000000 steps/, 40);
  const onBuild = (count: number) =>
    `FROM a AS x\n${many(count, () => 'ONBUILD RUN x\n')}${many(count, () => 'FROM x\n')}`;
  assert.ok('plan' in answer(onBuild(60)));
  assertRefused(
    onBuild(100),
    /with the lines that ONBUILD adds, the Dockerfile has 5\d+ instructions; 5000 is the limit/,
  );
});
