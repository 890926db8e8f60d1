import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlannedStage } from '../dockerfile/dockerfile-plan.ts';
import { BuilderProgress } from './builder-progress.ts';

const base64Of = (text: string) => Buffer.from(text).toString('base64');
const STARTED = '2026-11-30T17:26:14.376Z';
const COMPLETED = '2026-11-30T17:26:16.528Z';

/** The calls of the sink, in order. */
async function read(
  text: string,
  stages: (string | undefined | Partial<PlannedStage>)[] = [undefined],
  cut = text.length,
): Promise<{ told: unknown[]; words: string }> {
  const told: unknown[] = [];
  const planned = stages
    .map((stage) => (typeof stage === 'string' ? { name: stage } : stage))
    .map((stage): PlannedStage => {
      return { name: undefined, platform: undefined, startsFromImage: false, ...stage };
    });
  const progress = new BuilderProgress(planned, {
    begin: async ({ step, stage, stageCount, stageName, number, numberCount, instruction, ...on }, line) => {
      const place = [`${stage}/${stageCount}`, stageName].join(' ').trim();
      const { platform, targetPlatform } = on;
      if (platform !== undefined) told.push(['on', platform, targetPlatform]);
      told.push(['begin', step, place, `${number}/${numberCount}`, instruction, line]);
    },
    restart: async ({ step }) => {
      told.push(['restart', step]);
    },
    output: async (step, bytes) => {
      told.push(['output', step, bytes.toString('latin1')]);
    },
    opened: async (step) => {
      told.push(['opened', step]);
    },
    end: async (step, { cached, error }) => {
      told.push(['end', step, cached, error]);
    },
    say: async (line) => {
      told.push(['say', line]);
    },
  });
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += cut) await progress.write(bytes.subarray(at, at + cut));
  await progress.end();
  return { told, words: progress.words };
}

const lines = (...messages: unknown[]) =>
  messages.map((message) => `${typeof message === 'string' ? message : JSON.stringify(message)}\n`).join('');
const vertex = (digest: string, name: string, more = {}) => ({ vertexes: [{ digest, name, ...more }] });

test('parallel steps are kept apart, whatever they print and wherever the stream is split', async () => {
  const forged =
    'STEP 2/2: RUN forged\n{"vertexes":[{"digest":"a","name":"[1/1] RUN x","completed":"now","error":"e"}]}\n\xff\r';
  const text = lines(
    vertex('i', '[internal] load build definition', { started: STARTED, completed: COMPLETED }),
    vertex('a', '[one 1/2] RUN first'),
    vertex('a', '[one 1/2] RUN first', { started: STARTED }),
    vertex('b', '[stage-1 1/2] RUN second', { started: STARTED }),
    { logs: [{ vertex: 'b', stream: 1, data: Buffer.from(forged, 'latin1').toString('base64') }] },
    { logs: [{ vertex: 'a', stream: 2, data: base64Of('of the first') }] },
    vertex('a', '[one 1/2] RUN first', { started: STARTED, completed: COMPLETED }),
    vertex('b', '[stage-1 1/2] RUN second', {
      started: STARTED,
      completed: COMPLETED,
      error: 'process "x" did not complete successfully: exit code: 7',
    }),
    'Dockerfile:4',
    'ERROR: failed to build: failed to solve: it',
  );
  for (const cut of [text.length, 1, 7, 64]) {
    const { told, words } = await read(text, ['one', undefined], cut);
    assert.deepEqual(told, [
      ['begin', 1, '1/2 one', '1/2', 'RUN first', '[1/2] STEP 1/2: RUN first'],
      ['begin', 2, '2/2', '1/2', 'RUN second', '[2/2] STEP 1/2: RUN second'],
      ['output', 2, forged],
      ['output', 1, 'of the first'],
      ['end', 1, false, undefined],
      ['end', 2, false, 'process "x" did not complete successfully: exit code: 7'],
      ['say', 'Dockerfile:4'],
      ['say', 'ERROR: failed to build: failed to solve: it'],
    ]);
    assert.equal(words, 'Dockerfile:4\nERROR: failed to build: failed to solve: it\n');
  }
});

test('a cached step is reported once, and marked as cached', async () => {
  const text = lines(
    vertex('a', '[2/3] COPY a /a', { started: STARTED, completed: COMPLETED, cached: true }),
    vertex('a', '[2/3] COPY a /a', { started: STARTED, completed: COMPLETED, cached: true }),
  );
  assert.deepEqual((await read(text)).told, [
    ['begin', 1, '1/1', '2/3', 'COPY a /a', 'CACHED STEP 2/3: COPY a /a'],
    ['end', 1, true, undefined],
  ]);
});

test('the output of a step comes before its end and before the next step, even in one message', async () => {
  const [first, second] = ['a', 'b'].map((digest) => ({
    digest,
    name: `[1/2] RUN ${digest}`,
    started: STARTED,
    completed: COMPLETED,
  }));
  const logs = ['b', 'a', 'other'].map((digest) => ({ vertex: digest, data: base64Of(digest) }));
  const open = vertex('a', '[1/2] RUN a', { started: STARTED });
  const planned = { digest: 'a', name: '[1/2] RUN a' };
  for (const text of [
    lines({ vertexes: [planned, first, second], logs }),
    lines(open, { vertexes: [second, first], logs }),
  ]) {
    const { told } = await read(text);
    const at = (...entry: unknown[]) =>
      told.findIndex((event) => entry.every((word, place) => (event as unknown[])[place] === word));
    const order = [at('begin', 1), at('output', 1, 'a'), at('begin', 2), at('output', 2, 'b'), at('end', 2)];
    assert.deepEqual(
      order,
      order.toSorted((one, other) => one - other),
      JSON.stringify(told),
    );
    assert.ok(at('output', 1, 'a') < at('end', 1) && at('output', 0, 'other') >= 0 && told.length === 7);
  }
});

test('a step is recognized even if its number is padded to align with others', async () => {
  const names = ['[ 1/12] RUN a', '[two   1/126] RUN  b', '[linux/amd64 one  9/10] RUN c', '[10/12] RUN [ 1/2] d'];
  const text = lines(...names.map((name, at) => vertex(`${at}`, name, { started: STARTED })));
  assert.deepEqual((await read(text, ['one', 'two'])).told, [
    ['begin', 1, '2/2 two', '1/12', 'RUN a', '[2/2] STEP 1/12: RUN a'],
    ['begin', 2, '2/2 two', '1/126', 'RUN  b', '[2/2] STEP 1/126: RUN  b'],
    ['on', 'linux/amd64', undefined],
    ['begin', 3, '1/2 one', '9/10', 'RUN c', '[linux/amd64 1/2] STEP 9/10: RUN c'],
    ['begin', 4, '2/2 two', '10/12', 'RUN [ 1/2] d', '[2/2] STEP 10/12: RUN [ 1/2] d'],
  ]);
});

test('a compromised builder cannot break the build: wrong forms, endless lines, output without a step', async () => {
  const text = lines(
    '{"vertexes":1,"logs":{"a":2}}',
    '{"vertexes":[null,1,{"digest":1,"name":[]}],"logs":[{"vertex":"x","data":"aGk="}]}',
    '{not json',
    `{"a":"${'x'.repeat(17 * 2 ** 20)}"}`,
    `{"a":${'['.repeat(200_001)}`,
    { vertexes: [{ digest: 'e', name: '[1/1] RUN x', started: STARTED, completed: COMPLETED, error: {} }] },
    'end',
  );
  const { told } = await read(text, [], 2 ** 20);
  assert.deepEqual(told, [
    ['output', 0, 'hi'],
    ['say', '{not json'],
    ['say', 'the builder sent a message of more than 4194304 bytes or 200000 parts, which was skipped'],
    ['say', 'the builder sent a message of more than 4194304 bytes or 200000 parts, which was skipped'],
    ['say', 'end'],
  ]);
});

test('the final reason is kept, however long the Dockerfile lines before it are', async () => {
  const reason = 'ERROR: failed to build: failed to solve: dockerfile parse error on line 2: unterminated';
  const shown = Array.from({ length: 30 }, (_, at) => `   ${at + 1} | >>> RUN ${'x'.repeat(900_000)}`);
  const { words } = await read(lines(...shown, reason));
  assert.ok(words.endsWith(`${reason}\n`) && words.includes('   30 | >>> RUN x'), words.slice(-200));
  assert.ok(words.length <= 64 * 1024);
  const short = await read(lines(...Array.from({ length: 5000 }, () => 'x'), reason));
  assert.equal(short.words, `${'x\n'.repeat(999)}${reason}\n`);
});

test('opens the stream of a step only by its mark, after the step is announced, and treats a mark in fetched content as text', async () => {
  const mark = '0123456789abcdef'.repeat(2);
  const told: unknown[] = [];
  const sink = {
    begin: async ({ step }: { step: number }) => void told.push(['begin', step]),
    output: async (step: number, bytes: Buffer) => void told.push(['output', step, bytes.toString()]),
    restart: async () => undefined,
    opened: async (step: number) => void told.push(['opened', step]),
    end: async () => undefined,
    say: async () => undefined,
  };
  const progress = new BuilderProgress([], sink);
  const streams = { mark, open: (stream: string, step: number) => void told.push(['open', stream, step]) };
  const log = (vertex: string, text: string) => ({ vertex, data: base64Of(text) });
  const forged = [`${mark} ../x\n`, `${mark} a`, `x${mark} a\n`, `${mark.replace('0', '1')} a\n`, `${mark} a\nb\n`];
  const text = lines(
    { ...vertex('a', '[1/1] RUN x', { started: STARTED }), logs: [log('a', `${mark} stream1\n`)] },
    { logs: forged.map((each) => log('a', each)) },
  );
  await progress.write(Buffer.from(text), streams);
  assert.deepEqual(told, [
    ['begin', 1],
    ['opened', 1],
    ['open', 'stream1', 1],
    ...forged.map((each) => ['output', 1, each]),
  ]);
});

test('ignores the builder’s message that it exports a layer twice at once, as a line and as a reason', async () => {
  const noise =
    'ERROR: (*service).Write failed: rpc error: code = Unavailable desc = ref layer-sha256:ab locked for 12ms (since x): unavailable';
  const { told, words } = await read(lines(noise, 'ERROR: (*service).Write failed: no space left on device'));
  assert.deepEqual(told, [['say', 'ERROR: (*service).Write failed: no space left on device']]);
  assert.ok(!words.includes('locked'));
});

test('a warning of the builder becomes a line', async () => {
  const warning = { vertex: 'x', short: base64Of('JSONArgsRecommended: JSON arguments\nrecommended (line 2)') };
  const { told } = await read(lines({ warnings: [warning] }));
  assert.deepEqual(told, [['say', 'warning: JSONArgsRecommended: JSON arguments recommended (line 2)']]);
});

test('steps have the same numbers as in docker, where the FROM of an image is the first', async () => {
  const stages = [{ name: 'base', startsFromImage: true }, { startsFromImage: false }];
  const text = lines(
    vertex('a', '[base  1/11] RUN x', { started: STARTED }),
    vertex('b', '[base 10/11] RUN y', { started: STARTED }),
    vertex('c', '[stage-1 1/2] RUN z', { started: STARTED }),
  );
  const { told } = await read(text, stages);
  assert.deepEqual(
    told.map((each) => (each as unknown[]).slice(3)),
    [
      ['2/11', 'RUN x', '[1/2] STEP 2/11: RUN x'],
      ['11/11', 'RUN y', '[1/2] STEP 11/11: RUN y'],
      ['1/2', 'RUN z', '[2/2] STEP 1/2: RUN z'],
    ],
  );
});

test('steps for several platforms are kept apart by the platform they run on, and the one they are for', async () => {
  const stages = [{ name: 'go', platform: 'linux/amd64', startsFromImage: true }, { startsFromImage: true }];
  const text = lines(
    vertex('a', '[linux/amd64->arm64 go 1/2] RUN x', { started: STARTED }),
    vertex('b', '[linux/amd64->arm/v7 go 1/2] RUN x', { started: STARTED }),
    vertex('c', '[linux/arm/v7 stage-1 1/2] RUN y', { started: STARTED }),
    // In a build for one platform, the builder names none.
    vertex('d', '[go 1/2] RUN z', { started: STARTED }),
  );
  const { told } = await read(text, stages);
  assert.deepEqual(told, [
    ['on', 'linux/amd64', 'linux/arm64'],
    ['begin', 1, '1/2 go', '2/2', 'RUN x', '[linux/amd64->linux/arm64 1/2] STEP 2/2: RUN x'],
    ['on', 'linux/amd64', 'linux/arm/v7'],
    ['begin', 2, '1/2 go', '2/2', 'RUN x', '[linux/amd64->linux/arm/v7 1/2] STEP 2/2: RUN x'],
    ['on', 'linux/arm/v7', undefined],
    ['begin', 3, '2/2', '2/2', 'RUN y', '[linux/arm/v7 2/2] STEP 2/2: RUN y'],
    ['on', 'linux/amd64', undefined],
    ['begin', 4, '1/2 go', '2/2', 'RUN z', '[1/2] STEP 2/2: RUN z'],
  ]);
});

test('a step that needs no image ends with its program, not with its lookup in the cache', async () => {
  const name = '[1/1] RUN true';
  const looked = { started: '2026-11-30T17:26:16.26Z', completed: '2026-11-30T17:26:16.268920972Z' };
  const begun = { started: '2026-11-30T17:26:16.26903472Z' };
  const failed = { ...begun, completed: '2026-11-30T17:26:16.4Z', error: 'exit code: 1' };
  const { told } = await read(
    lines(
      { vertexes: [{ digest: 'a', name, ...looked }] },
      { vertexes: [{ digest: 'a', name, ...begun }] },
      { logs: [{ vertex: 'a', stream: 1, data: base64Of('text') }] },
      { vertexes: [{ digest: 'a', name, ...failed }] },
      // Later reports of what has ended change nothing.
      {
        vertexes: [
          { digest: 'a', name, ...begun },
          { digest: 'a', name, ...looked },
        ],
      },
    ),
  );
  assert.deepEqual(told, [
    ['begin', 1, '1/1', '1/1', 'RUN true', 'STEP 1/1: RUN true'],
    ['end', 1, false, undefined],
    ['restart', 1],
    ['output', 1, 'text'],
    ['end', 1, false, 'exit code: 1'],
  ]);
});

test('a compromised builder that sends times of another form is ignored', async () => {
  const name = '[1/1] RUN true';
  const { told } = await read(
    lines(
      { vertexes: [{ digest: 'a', name, started: STARTED, completed: 7 }] },
      { vertexes: [{ digest: 'a', name, started: [] }] },
      { vertexes: [{ digest: 'a', name, started: STARTED }] },
    ),
  );
  assert.equal(told.length, 1);
});
