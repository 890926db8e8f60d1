import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import type { Logbook } from './logbook.ts';
import { fastFolder, missingProgram, openLogbook } from './testing/logbook.ts';

const FIXTURES = fileURLToPath(new URL('../fixtures/v1', import.meta.url));
const READER = fileURLToPath(new URL('../../examples/read-log/read_log.py', import.meta.url));
const NO_PYTHON = missingProgram('python3');
const EXPECTED = readFileSync(join(FIXTURES, 'expected.txt'), 'utf8');

for (const form of ['hot', 'sealed']) {
  test(`a ${form} log of version 1 still reads the same, here and in the independent reader`, {
    skip: NO_PYTHON,
  }, async (context) => {
    const folder = fastFolder(context);
    cpSync(join(FIXTURES, form), join(folder, form.slice(0, 2), form), { recursive: true });
    const { logbook } = await openLogbook(context, { folder });
    assert.equal(await printed(logbook, form), EXPECTED);
    const python = execFileSync('python3', [READER, join(FIXTURES, form)], { maxBuffer: 1e8, encoding: 'utf8' });
    assert.equal(python, EXPECTED);
  });
}

test('a hot log of version 1 can be resumed, and its seal is correct', { skip: NO_PYTHON }, async (context) => {
  const folder = fastFolder(context);
  cpSync(join(FIXTURES, 'hot'), join(folder, 'ho', 'hot'), { recursive: true });
  const { logbook } = await openLogbook(context, { folder });
  const writer = await logbook.resume('hot');
  assert.deepEqual(writer.recovery, { keptLines: EXPECTED.split('\n').length - 1, cutBytes: 0, damage: [] });
  await writer.seal({ verdict: 'partial', reason: 'the server was stopped' });
  assert.equal(await printed(logbook, 'hot'), EXPECTED);
  assert.equal(
    execFileSync('python3', [READER, join(folder, 'ho', 'hot')], { maxBuffer: 1e8, encoding: 'utf8' }),
    EXPECTED,
  );
});

test('the seal of a sealed log of version 1 still says the same', async (context) => {
  const folder = fastFolder(context);
  cpSync(join(FIXTURES, 'sealed'), join(folder, 'se', 'sealed'), { recursive: true });
  const { logbook } = await openLogbook(context, { folder });
  const seal = (await logbook.reach('sealed'))?.seal;
  assert.equal(seal?.verdict, 'partial');
  assert.equal(seal?.reason, 'the worker was lost');
  assert.deepEqual(seal?.ranges, [{ firstLine: 9, lastLine: 9, reason: 'an example' }]);
  assert.equal(seal?.maskedValues, 2);
  assert.equal(seal?.lineCount, EXPECTED.split('\n').length - 1);
});

test('the independent reader refuses a log with one wrong bit', { skip: NO_PYTHON }, (context) => {
  for (const [form, name] of [
    ['hot', 'hot.ndjson'],
    ['hot', 'hot.idx'],
    ['sealed', 'log.idx'],
  ] as const) {
    const folder = fastFolder(context);
    cpSync(join(FIXTURES, form), folder, { recursive: true });
    const bytes = readFileSync(join(folder, name));
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    writeFileSync(join(folder, name), bytes);
    assert.notEqual(spawnSync('python3', [READER, folder]).status, 0, `${form} ${name}`);
  }
});

/** A log in the format that the independent reader prints. */
async function printed(logbook: Logbook, logId: string): Promise<string> {
  const lines = await logbook.lines(logId, 0, (await logbook.reach(logId))?.lineCount ?? 0);
  return lines
    .map(({ lineNumber, timeMs, stage, step, attempt, continued, message }) =>
      [lineNumber, timeMs ?? 0, stage, step, attempt, continued ? '+' : ' ', JSON.stringify(message)].join(' '),
    )
    .map((line) => `${line}\n`)
    .join('');
}
