import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { linesOf, messagesOf, openLogbook, pageOf } from '../testing/logbook.ts';

test('hot.ndjson has each line as the JSON object of the reply, numbered from 1', async (context) => {
  const { logbook, folder } = await openLogbook(context);
  const writer = await logbook.create('log-1');
  await writer.line('header');
  await writer.line('fetch stage begin');
  writer.stage('DOCKER_IMAGE_BUILD');
  await writer.write(Buffer.from('say "hi"\x1b[0m\r\n'));
  assert.equal(await writer.committed(), 3);
  assert.equal(
    readFileSync(join(folder, 'lo', 'log-1', 'hot.ndjson'), 'utf8'),
    '{"LineNumber":1,"Message":"header","BuildStage":"GIT_CLONE"}\n' +
      '{"LineNumber":2,"Message":"fetch stage begin","BuildStage":"GIT_CLONE"}\n' +
      '{"LineNumber":3,"Message":"say \\"hi\\"\\u001b[0m","BuildStage":"DOCKER_IMAGE_BUILD"}\n',
  );
});

test('shows a line only once it is committed', async (context) => {
  const { logbook } = await openLogbook(context);
  const writer = await logbook.create('log-1');
  const written = writer.line('one');
  assert.equal((await logbook.reach('log-1'))?.lineCount, 0);
  assert.equal((await pageOf(logbook, 'log-1', 0)).lineCount, 0);
  await written;
  await writer.committed();
  assert.equal((await pageOf(logbook, 'log-1', 0)).lineCount, 1);
});

test('a page past the end is empty and has the count', async (context) => {
  const { logbook } = await openLogbook(context);
  const writer = await logbook.create('log-1');
  await writer.line('one');
  await writer.committed();
  const { totalCount, lineCount, latin1 } = await pageOf(logbook, 'log-1', 7);
  assert.deepEqual({ totalCount, lineCount, size: latin1.length }, { totalCount: 1, lineCount: 0, size: 0 });
});

test('stores no line longer than 16 KiB; longer output continues in the next line', async (context) => {
  const { logbook, folder } = await openLogbook(context);
  const writer = await logbook.create('log-1');
  const output = '\x1b€"'.repeat(9000);
  await writer.write(Buffer.from(`${output}\n`));
  await writer.committed();
  const stored = readFileSync(join(folder, 'lo', 'log-1', 'hot.ndjson'));
  for (const line of stored.toString().split('\n')) assert.ok(Buffer.byteLength(line) + 1 <= 16 * 1024);
  const lines = await logbook.lines('log-1', 0);
  assert.equal(lines.map((line) => line.message).join(''), output);
  assert.deepEqual(
    lines.map((line) => line.continued),
    [...Array.from({ length: lines.length - 1 }, () => true), false],
  );
});

test('passes on an unfinished line after the pause in the settings, and marks it as continued', async (context) => {
  const { logbook } = await openLogbook(context, { idleFlushMs: 5 });
  const writer = await logbook.create('log-1');
  await writer.write(Buffer.from('Password: '));
  for await (const event of logbook.follow('log-1', 1)) {
    assert.equal(event.bytes.toString(), '{"LineNumber":1,"Message":"Password: ","BuildStage":"GIT_CLONE"}');
    break;
  }
  await writer.write(Buffer.from('ok\n'));
  await writer.committed();
  assert.deepEqual(
    (await logbook.lines('log-1', 0)).map(({ message, continued }) => [message, continued]),
    [
      ['Password: ', true],
      ['ok', false],
    ],
  );
});

test('records stage, step, attempt and time of every line, and ends an unfinished line with its stage', async (context) => {
  let nowMs = 1_700_000_000_000;
  const { logbook } = await openLogbook(context, { clock: () => nowMs });
  const writer = await logbook.create('log-1');
  await writer.write(Buffer.from('one\ntwo'));
  writer.stage('DOCKER_IMAGE_BUILD', 3, 2);
  nowMs += 1500;
  await writer.write(Buffer.from('three\n'));
  await writer.committed();
  const expected = [
    {
      lineNumber: 1,
      message: 'one',
      stage: 'GIT_CLONE',
      step: 0,
      attempt: 1,
      timeMs: 1_700_000_000_000,
      continued: false,
    },
    {
      lineNumber: 2,
      message: 'two',
      stage: 'GIT_CLONE',
      step: 0,
      attempt: 1,
      timeMs: 1_700_000_000_000,
      continued: true,
    },
    {
      lineNumber: 3,
      message: 'three',
      stage: 'DOCKER_IMAGE_BUILD',
      step: 3,
      attempt: 2,
      timeMs: 1_700_000_001_500,
      continued: false,
    },
  ];
  assert.deepEqual(await logbook.lines('log-1', 0), expected);
  await writer.seal({ verdict: 'complete' });
  assert.deepEqual(await logbook.lines('log-1', 0), expected);
  assert.deepEqual(await logbook.lines('log-1', 2, 1), expected.slice(2));
});

test('a stage without an attempt keeps the last one, also while the disk is behind', async (context) => {
  const { logbook } = await openLogbook(context, { inFlightLimitBytes: 1 });
  const writer = await logbook.create('log-1');
  const done = [writer.line('one')];
  writer.stage('A', 1, 2);
  done.push(writer.line('two'));
  writer.stage('B', 2);
  done.push(writer.line('three'));
  await Promise.all(done);
  await writer.committed();
  assert.deepEqual(
    (await logbook.lines('log-1', 0)).map(({ stage, step, attempt }) => [stage, step, attempt]),
    [
      ['GIT_CLONE', 0, 1],
      ['A', 1, 2],
      ['B', 2, 2],
    ],
  );
});

test('refuses an offset or limit that is not a number of lines', async (context) => {
  const { logbook } = await openLogbook(context);
  await (await logbook.create('log-1')).line('one');
  for (const wrong of [-1, 0.5, Number.NaN, 2 ** 54, Number.POSITIVE_INFINITY]) {
    await assert.rejects(pageOf(logbook, 'log-1', wrong), RangeError);
    await assert.rejects(pageOf(logbook, 'log-1', 0, wrong), RangeError);
    await assert.rejects(logbook.lines('log-1', wrong), RangeError);
    await assert.rejects(logbook.follow('log-1', wrong + 1).next(), RangeError);
  }
  assert.equal((await pageOf(logbook, 'log-1', 2 ** 53 - 1)).lineCount, 0);
});

test('refuses at once a name or number of a stage that the format cannot hold', async (context) => {
  const { logbook } = await openLogbook(context);
  const writer = await logbook.create('log-1');
  for (const [stage, step, attempt] of [
    ['', 0, 1],
    ['x'.repeat(256), 0, 1],
    ['\ud800', 0, 1],
    ['A', -1, 1],
    ['A', 2 ** 32, 1],
    ['A', 0, 65536],
    ['A', 0.5, 1],
  ] as const) {
    assert.throws(() => writer.stage(stage, step, attempt), RangeError);
  }
});

test('a caller that awaits write never lets more wait for the disk than the limit and one slice', async (context) => {
  const { logbook } = await openLogbook(context, { inFlightLimitBytes: 64 * 1024 });
  const writer = await logbook.create('log-1');
  const chunk = Buffer.from(`${'x'.repeat(99)}\n`.repeat(5000));
  let seen = 0;
  for (let turn = 0; turn < 4; turn += 1) {
    await writer.write(chunk);
    seen = Math.max(seen, (turn + 1) * 5000 - writer.lineCount);
  }
  // 64 KiB of limit and one slice of 64 KiB of output, in lines of some 150 bytes, twice for the batch in progress.
  assert.ok(seen < 3000, `${seen} lines were waiting`);
  assert.equal(await writer.committed(), 20_000);
});

test('keeps the order of writes that nobody awaits, also around stages and lines', async (context) => {
  const { logbook } = await openLogbook(context, { inFlightLimitBytes: 1024 });
  const writer = await logbook.create('log-1');
  const done: Promise<void>[] = [];
  for (let turn = 0; turn < 200; turn += 1) {
    writer.stage(turn % 2 === 0 ? 'A' : 'B');
    done.push(writer.write(Buffer.from(`out ${turn}\n`.repeat(3))), writer.line(`own ${turn}`));
  }
  await Promise.all(done);
  await writer.committed();
  const lines = linesOf(await pageOf(logbook, 'log-1', 0, 1000));
  const expected = Array.from({ length: 200 }, (_, turn) => {
    const stage = turn % 2 === 0 ? 'A' : 'B';
    return [`out ${turn}`, `out ${turn}`, `out ${turn}`, `own ${turn}`].map((message) => [message, stage]);
  }).flat();
  assert.deepEqual(
    lines.map((line) => [line.Message, line.BuildStage]),
    expected,
  );
});

test('counts lines past a log’s limit instead of storing them, and reports how many in the last line and the verdict', async (context) => {
  const { logbook } = await openLogbook(context, { logLimitBytes: 10_000 });
  const writer = await logbook.create('log-1');
  for (let turn = 0; turn < 300; turn += 1) await writer.write(Buffer.from(`output line ${turn}\n`));
  await writer.line('build stage end');
  const seal = await writer.seal({ verdict: 'complete' });
  const messages = await messagesOf(logbook, 'log-1');
  const stored = messages.filter((message) => message.startsWith('output')).length;
  assert.equal(seal.droppedLines, 300 - stored);
  assert.equal(seal.verdict, 'partial');
  assert.equal(seal.reason, `${300 - stored} more lines are not stored: the log reached its limit of 10000 bytes`);
  assert.deepEqual(messages.slice(stored), ['build stage end', seal.reason]);
  assert.ok(seal.sizeBytes < 10_500);
});

test('creates no log twice, and writes none after its seal', async (context) => {
  const { logbook } = await openLogbook(context);
  const writer = await logbook.create('log-1');
  await assert.rejects(logbook.create('log-1'), /there is a log log-1 already/);
  await assert.rejects(logbook.resume('log-1'), /being written/);
  await writer.seal({ verdict: 'complete' });
  await assert.rejects(writer.line('late'), /accepts nothing more: it is sealed/);
  await assert.rejects(writer.write(Buffer.from('late')), /accepts nothing more/);
  await assert.rejects(writer.committed(), /accepts nothing more/);
  await assert.rejects(writer.seal({ verdict: 'complete' }), /accepts nothing more/);
  await assert.rejects(logbook.create('log-1'), /there is a log log-1 already/);
  await assert.rejects(logbook.resume('log-1'), /is sealed/);
});

test('accepts only plain names as log ids', async (context) => {
  const { logbook } = await openLogbook(context);
  for (const logId of ['', 'a', '..', '../x', 'a/b', 'A1', 'a'.repeat(65), 'a\0b']) {
    await assert.rejects(logbook.create(logId), /not a log id/);
    assert.equal(await logbook.reach(logId), undefined);
  }
});
