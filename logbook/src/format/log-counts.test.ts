import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';

import { Logbook, type LogWriter } from '../logbook.ts';
import { fastFolder, messagesOf } from '../testing/logbook.ts';

const PARTIAL = { verdict: 'partial', reason: 'the server ended' } as const;
const LIMIT_BYTES = 3000;

test('counts of masked values survive a crash as far as their lines do', async (context) => {
  const folder = fastFolder(context);
  await crash(context, folder, async (writer) => {
    writer.masked(2);
    await writer.line('*** and ***');
    await writer.committed();
    writer.masked(1);
    await writer.line('***');
    await writer.committed();
  });
  await crash(context, folder, async (writer) => {
    writer.masked(4);
    await writer.line('*** *** *** ***');
    await writer.committed();
    // No line of these reached the disk.
    writer.masked(100);
  });
  const { seal } = await recovered(context, folder);
  assert.equal(seal.maskedValues, 7);
  assert.equal(seal.droppedLines, 0);
});

test('after a crash, a log that reached its limit accepts no more lines and gives a lower bound for the missing ones', async (context) => {
  const folder = fastFolder(context);
  await crash(context, folder, async (writer) => {
    for (let line = 0; line < 150; line += 1) await writer.write(Buffer.from(`output line ${line}\n`));
    await writer.committed();
  });
  const { seal, messages } = await recovered(context, folder, async (writer) => {
    await writer.write(Buffer.from('later output\n'));
  });
  const stored = messages.filter((message) => message.startsWith('output line')).length;
  assert.equal(seal.droppedLines, undefined);
  const [, least] = /^the server ended; at least (\d+) more lines are not stored/.exec(seal.reason ?? '') ?? [];
  // The count is persisted at powers of two, and one more line came after the crash.
  assert.ok(Number(least) <= 150 - stored + 1 && Number(least) > (150 - stored) / 2, `${least} of ${150 - stored}`);
  assert.equal(messages.at(-1), seal.reason?.replace('the server ended; ', ''));
  assert.ok(!messages.includes('later output'));
});

test('if the index was damaged the counts are unknown, even after a second crash', async (context) => {
  const folder = fastFolder(context);
  await crash(context, folder, async (writer) => {
    writer.masked(1);
    await writer.line('***');
    await writer.committed();
    await writer.line('two');
    await writer.committed();
  });
  const path = join(folder, 'lo', 'log-1', 'hot.idx');
  const index = readFileSync(path);
  index[40] = (index[40] ?? 0) ^ 1;
  writeFileSync(path, index);
  await crash(context, folder, async (writer) => {
    await writer.line('three');
    await writer.committed();
  });
  const { seal, messages } = await recovered(context, folder);
  assert.deepEqual(messages, ['***', 'two', 'three']);
  assert.deepEqual(['maskedValues' in seal, 'droppedLines' in seal], [false, false]);
});

/** Writes to a log, and leaves its files as a killed process would: copied while the writer has them open. */
async function crash(context: TestContext, folder: string, write: (writer: LogWriter) => Promise<void>): Promise<void> {
  const logbook = await Logbook.open({ folder, logLimitBytes: LIMIT_BYTES });
  const isNew = (await logbook.reach('log-1')) === undefined;
  await write(await (isNew ? logbook.create('log-1') : logbook.resume('log-1')));
  const paths = ['hot.ndjson', 'hot.idx'].map((name) => join(folder, 'lo', 'log-1', name));
  const left = paths.map((path) => readFileSync(path));
  await logbook.close();
  paths.forEach((path, at) => {
    writeFileSync(path, left[at] ?? '');
  });
  context.diagnostic(`${left[0]?.length} bytes of text`);
}

async function recovered(context: TestContext, folder: string, write?: (writer: LogWriter) => Promise<void>) {
  const logbook = await Logbook.open({ folder, logLimitBytes: LIMIT_BYTES });
  context.after(() => logbook.close());
  const writer = await logbook.resume('log-1');
  await write?.(writer);
  const seal = await writer.seal(PARTIAL);
  return { seal, messages: await messagesOf(logbook, 'log-1') };
}
