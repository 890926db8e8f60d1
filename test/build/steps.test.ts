import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { callNative } from '../../client/src/call-native.ts';
import { skipLongReason } from '../../server/src/sandbox/testing/sandbox.ts';
import { isFinal, readLog, waitForStatus } from '../support/log-reader.ts';
import { queueBuild } from '../support/queue-build.ts';
import { slipway, startServer, summaryValue, type TestServer } from '../support/slipway.ts';

const TWO_STAGES = [
  'FROM busybox AS first',
  'RUN echo one > /one',
  'FROM busybox',
  'COPY --from=first /one /two',
  'RUN echo "[2/2] STEP 2/4: RUN forged"; cat /two; test ! -e fail',
  'RUN echo end',
  '',
].join('\n');

test('every step of a build has a record with its position, its lines and its result; a cached step says so', async (t) => {
  const server = await startServer(t);
  const build = (Dockerfile: string) => buildSteps(t, server, { Dockerfile });

  const first = await build(TWO_STAGES);
  assert.equal(first.status, 'SUCCESS', JSON.stringify(first.lines, null, 1));
  assert.deepEqual(
    first.steps.map((step) => [step.Step, step.Stage, step.Number, step.Instruction, step.Cached, step.ExitCode]),
    [
      [1, 1, 2, 'RUN echo one > /one', false, 0],
      [2, 2, 2, 'COPY --from=first /one /two', false, 0],
      [3, 2, 3, 'RUN echo "[2/2] STEP 2/4: RUN forged"; cat /two; test ! -e fail', false, 0],
      [4, 2, 4, 'RUN echo end', false, 0],
    ],
  );
  for (const step of first.steps) {
    const { FirstLine = 0, LastLine = 0, EndTime = 0 } = step;
    assert.ok(first.lines[FirstLine - 1]?.Message.endsWith(step.Instruction), `step ${step.Step}`);
    assert.ok(step.StartTime <= EndTime && FirstLine <= LastLine);
  }
  assert.deepEqual(
    first.steps.slice(1).map((step) => step.FirstLine),
    first.steps.slice(0, -1).map(({ LastLine = 0 }) => LastLine + 1),
  );

  const second = await build(TWO_STAGES.replace('echo end', 'exit 9'));
  assert.equal(second.status, 'FAILED');
  assert.deepEqual(
    second.steps.map((step) => [step.Cached, step.ExitCode]),
    [
      [true, 0],
      [true, 0],
      [true, 0],
      [false, 9],
    ],
  );

  const diff = await slipway(['diff', second.id, '--data', server.dataFolder]);
  assert.equal(diff.code, 0, diff.stderr);
  assert.equal(summaryValue(diff.stdout, 'With'), `${first.id}  SUCCESS`);
  assert.equal(
    summaryValue(diff.stdout, 'First'),
    'step 4/4 of stage 2/2 (RUN exit 9), was step 4/4 of stage 2/2 (RUN echo end)',
  );
  const same = await slipway(['diff', second.id, second.id.toUpperCase(), '--data', server.dataFolder]);
  assert.match(summaryValue(same.stdout, 'First') ?? '', /^no difference in \d+ compared lines$/);
  const logs = (step: string) => slipway(['logs', first.id, '--raw', '--step', step, '--data', server.dataFolder]);
  assert.match((await logs('2:3')).stdout, /^\[2\/2\] STEP 3\/4: RUN .*\n\[2\/2\] STEP 2\/4: RUN forged\none\n$/);
  assert.match((await logs('2')).stderr, /--step "2": several steps have this number; give one of 1:2, 2:2;/);
  const noStep = await logs('7');
  assert.equal(noStep.code, 2);
  assert.match(noStep.stderr, /--step "7": the build has no such step; give one of 1:2, 2:2, 2:3, 2:4;/);
  const none = await slipway(['diff', first.id, '--data', server.dataFolder]);
  assert.equal(none.code, 3);
  assert.match(
    none.stderr,
    /^slipway: NO_GOOD_BUILD: No earlier build .* compare this one with\. Name the build to compare with: slipway diff ID WITH/,
  );

  await t.test('whatever a step prints, the steps, card and lines describe the real build', () => forge(t, server));
});

/** What a builder prints about another build, in the format of this builder and of an older one. */
const OTHER_LOG = `[1/2] RUN make
CACHED STEP 2/2: RUN make install
{"vertexes":[{"digest":"sha256:0","name":"[1/1] RUN forged","started":"2026-01-01T00:00:00Z"}]}
   1 | >>> RUN forged
ERROR: failed to build: failed to solve: process "/bin/sh -c make" did not complete successfully: exit code: 2
step 2/2 failed with exit code 2: RUN make
`;

async function forge(t: TestContext, server: TestServer): Promise<void> {
  const shown = ({ steps }: Built) => steps.map((step) => [step.Instruction, step.Cached, step.ExitCode]);
  const card = ({ id }: Built) => callNative(server.client, 'getCard', { id });

  const Dockerfile =
    'FROM busybox\nCOPY other.log /\nRUN cat /other.log; printf second\nRUN cat /other.log; printf third; exit 7\n';
  const other = await buildSteps(t, server, { Dockerfile, 'other.log': OTHER_LOG });
  const [copy, second, third] = Dockerfile.split('\n').slice(1);
  assert.deepEqual(shown(other), [
    [copy, false, 0],
    [second, false, 0],
    [third, false, 7],
  ]);
  const { ExitCode, Failure, Dockerfile: place, Step: failing } = await card(other);
  assert.deepEqual([ExitCode, Failure?.Fault], [7, 'source']);
  assert.equal(Failure?.Message, `step 4/4 failed with exit code 7: ${third}`);
  assert.deepEqual([place?.FirstLine, failing?.Step, failing?.Instruction], [4, 3, third]);
  const messages = other.lines.map((line) => line.Message);
  const printed = (text: string) => [...OTHER_LOG.trimEnd().split('\n'), text];
  for (const [step, text] of [
    [2, 'second'],
    [3, 'third'],
  ] as const) {
    const from = other.steps[step - 1]?.FirstLine ?? 0;
    assert.deepEqual(messages.slice(from, from + 7), printed(text), `step ${step}`);
  }
  const { Sections } = await callNative(server.client, 'listSections', { id: other.id });
  const named = Sections.filter(({ Step: step }) => step > 0);
  assert.deepEqual(
    named.map((section) => section.Instruction),
    [copy, second, third],
  );

  for (const [run, reason] of [
    ['RUN ["/nope\\nSTEP 2/2: RUN fake"]', /^step 2\/2 failed with exit code 1: RUN \[/],
    ['COPY nope /', /^step 2\/2 \(COPY nope \/\) cannot be built: nope does not exist in the source/],
  ] as const) {
    const failed = await buildSteps(t, server, { Dockerfile: `FROM busybox\n${run}\n` });
    const { Failure: why, ExitCode: code } = await card(failed);
    assert.match(why?.Message ?? '', reason);
    assert.deepEqual([failed.steps.length, code], [1, failed.steps[0]?.ExitCode], run);
  }
  const lost = await buildSteps(t, server, { Dockerfile: 'FROM busybox\nCOPY --parents a/nope /\n' });
  const { Failure: missing, Dockerfile: line } = await card(lost);
  assert.equal(missing?.Message, 'a/nope does not exist in the source (COPY --parents)');
  assert.equal(line?.FirstLine, 2);
}

type Built = Awaited<ReturnType<typeof buildSteps>>;

async function buildSteps(t: TestContext, server: TestServer, files: Record<string, string>) {
  const key = await queueBuild(t, server, files);
  const status = await waitForStatus(server.client, key, isFinal);
  const lines = await readLog(server.client, key);
  const { Steps } = await callNative(server.client, 'listSteps', { id: key.BuildRecordId });
  return { id: key.BuildRecordId, status, lines, steps: Steps };
}

const DEEP = 125;

test(`with ${DEEP} steps that print no line end, each has its position and its line, and the failing step is the last`, {
  skip: skipLongReason,
}, async (t) => {
  const server = await startServer(t);
  const runs = Array.from({ length: DEEP }, (_, at) => `RUN printf nonl${at === DEEP - 1 ? '; exit 5' : ''}`);
  const built = await buildSteps(t, server, { Dockerfile: ['FROM busybox', ...runs, ''].join('\n') });
  assert.equal(built.steps.length, DEEP);
  for (const { FirstLine = 0, Step } of built.steps)
    assert.equal(built.lines[FirstLine]?.Message, 'nonl', `step ${Step}`);
  const { Failure, Dockerfile } = await callNative(server.client, 'getCard', { id: built.id });
  assert.equal(Failure?.Message, `step ${DEEP + 1}/${DEEP + 1} failed with exit code 5: RUN printf nonl; exit 5`);
  assert.equal(Dockerfile?.FirstLine, DEEP + 1);
});

/**
 * Syntax that a Dockerfile reader may understand differently from the builder; the build fails if only one of them sees
 * an image.
 */
const READ_ALIKE = [
  '\uFEFF#!/usr/bin/env build',
  '#\u2003syntax =\tdocker.io/docker/dockerfile:1',
  'ARG TAG=latest-1',
  'ARG IMAGE="busybox" NONE',
  'FROM $IMAGE:${TAG%%-*} AS tools',
  'ARG TAG=nothing',
  'RUN mkdir /t && echo tool >/t/tool',
  'ONBUILD COPY --from=base /bin/busybox /own',
  'FROM busybox AS base',
  '\tFROM\t tools\r',
  'ARG DIR=t',
  'COPY --"fr"om=to\\ols /t/tool /tool',
  'RUN --mount=\'type=bind,"from=tools",target=/m\' cat /m/$DIR/tool',
  'RUN --mount=type=bind,from=tools,source=/${DIR},target=/m cat /m/tool \\  ',
  '# FROM nothing.example/c',
  '',
  '  && test -x /own',
  'RUN cat <<A <<-"B C"',
  'FROM nothing.example/a',
  'A',
  'COPY --from=nothing.example/b x y',
  '\tB C',
  'COPY --from=0 --chmod=0600 /t/tool /tool2',
  'RUN echo $((1<<2)) ${#DIR}',
  'FROM busybox:${TAG/-?/}',
  'COPY --from=2 /tool2 /',
  '',
].join('\n');

test('a Dockerfile full of easily misread syntax builds from exactly the images that the builder sees', {
  skip: skipLongReason,
}, async (t) => {
  const { status, lines } = await buildSteps(t, await startServer(t), { Dockerfile: READ_ALIKE });
  assert.equal(status, 'SUCCESS', lines.map((line) => line.Message).join('\n'));
});
