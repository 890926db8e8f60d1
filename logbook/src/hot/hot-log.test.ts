import assert from 'node:assert/strict';
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';

import { type Logbook, readLines } from '../logbook.ts';
import { bytesOf, fastFolder, logOf, messagesOf, openLogbook } from '../testing/logbook.ts';

const LINES = 400;

test('a changed byte in a running log is an error that names lines, for every kind of read; all other lines read as before', async (context) => {
  const { logbook, path, before } = await runningLog(context);
  const sound = readFileSync(path);
  let refused = 0;
  for (let at = 0; at < sound.length; at += 997) {
    const damaged = Buffer.from(sound);
    damaged[at] = (sound[at] ?? 0) ^ 1;
    writeFileSync(path, damaged);
    const line = sound.subarray(0, at).toString('latin1').split('\n').length;
    const log = await logOf(logbook, 'log-1');
    const read = async (name: string, act: () => unknown) => {
      await assert.rejects(
        async () => await act(),
        (error: Error) => namesLine(error, line),
        `${name} of byte ${at}, line ${line}`,
      );
      refused += 1;
    };
    await read('page', () => log.page(line - 1, 1));
    await read('lines', () => readLines(log, line - 1, 1));
    await read('textFrom', () => log.textFrom(line));
    await read('text', () => bytesOf(log, at, at + 1));
    await assert.rejects(logbook.follow('log-1', line).next(), (error: Error) => namesLine(error, line));
    for (let offset = 0; offset < LINES; offset += 100) {
      try {
        assert.deepEqual(await messages(logbook, offset), before.slice(offset, offset + 100));
      } catch (error) {
        if (error instanceof assert.AssertionError) throw error;
      }
    }
  }
  assert.ok(refused > 40);
  writeFileSync(path, sound);
  assert.deepEqual(await messagesOf(logbook, 'log-1'), before);
});

test('a running log that became shorter on disk is an error, not fewer lines', async (context) => {
  const { logbook, path } = await runningLog(context);
  truncateSync(path, 5000);
  assert.equal((await messages(logbook, 0, 10)).length, 10);
  const log = await logOf(logbook, 'log-1');
  await assert.rejects(
    async () => log.page(LINES - 1),
    (error: Error) => namesLine(error, LINES),
  );
  await assert.rejects(bytesOf(log, 6000, 6100), /differs from its index/);
});

function namesLine(error: Error, line: number): boolean {
  const [, first, last] = /differs from its index in lines (\d+) to (\d+)$/.exec(error.message) ?? [];
  return Number(first) <= line && line <= Number(last);
}

async function messages(logbook: Logbook, offset: number, limit = 100): Promise<string[]> {
  return (await logbook.lines('log-1', offset, limit)).map(({ message }) => message);
}

/** Runs of all sizes, so that positions of the index have one run or many. */
async function runningLog(context: TestContext): Promise<{ logbook: Logbook; path: string; before: string[] }> {
  const { logbook, folder } = await openLogbook(context, { folder: fastFolder(context) });
  const writer = await logbook.create('log-1');
  for (let line = 0, step = 1; line < LINES; step += 1) {
    writer.stage('DOCKER_IMAGE_BUILD', step);
    for (let end = Math.min(LINES, line + 1 + ((step * 37) % 90)); line < end; line += 1) {
      await writer.write(Buffer.from(`line ${line} ${'.'.repeat((line * 7) % 60)}\n`));
    }
    await writer.committed();
  }
  return { logbook, path: join(folder, 'lo', 'log-1', 'hot.ndjson'), before: await messagesOf(logbook, 'log-1') };
}
