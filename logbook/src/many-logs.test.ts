import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Run } from './format/run.ts';
import { LineIndex } from './hot/line-index.ts';
import { fastFolder, messagesOf, openLogbook } from './testing/logbook.ts';

test('many logs written, followed and sealed at once do not mix', async (context) => {
  const { logbook } = await openLogbook(context, {
    folder: fastFolder(context),
    openLogLimit: 4,
    blockCacheBytes: 200_000,
  });
  const ids = Array.from({ length: 20 }, (_, at) => `log-${at}`);
  await Promise.all(
    ids.map(async (id, at) => {
      const writer = await logbook.create(id);
      const followed = (async () => {
        let count = 0;
        for await (const event of logbook.follow(id, 1)) count += event.lineCount;
        return count;
      })();
      for (let turn = 0; turn < 30; turn += 1) {
        await writer.write(Buffer.from(`${id} ${turn} ${'.'.repeat(at * 10)}\n`.repeat(50)));
        if (turn % (at + 1) === 0) await writer.committed();
      }
      await writer.seal({ verdict: 'complete' });
      assert.equal(await followed, 1500);
    }),
  );
  for (const [at, id] of ids.entries()) {
    const expected = Array.from({ length: 1500 }, (_, line) => `${id} ${Math.floor(line / 50)} ${'.'.repeat(at * 10)}`);
    assert.deepEqual(await messagesOf(logbook, id), expected);
  }
});

test('closing a logbook waits for logs that are being sealed, and leaves no file open', async (context) => {
  const openFiles = (): number => readdirSync('/proc/self/fd').length;
  const { logbook, folder } = await openLogbook(context);
  const before = openFiles();
  for (const id of ['log-a', 'log-b', 'log-c']) {
    const writer = await logbook.create(id);
    await writer.line(`of ${id}`);
  }
  await (await logbook.create('log-d')).seal({ verdict: 'complete' });
  const last = await logbook.create('log-e');
  await last.line('of log-e');
  const sealing = last.seal({ verdict: 'complete' });
  await logbook.close();
  assert.equal((await sealing).lineCount, 1);
  assert.equal(openFiles(), before);
  const again = await openLogbook(context, { folder });
  assert.deepEqual(await again.logbook.unsealed(), ['log-a', 'log-b', 'log-c']);
  assert.deepEqual(await messagesOf(again.logbook, 'log-a'), ['of log-a']);
});

test('the leftovers of interrupted removals may be removed by several at once', async (context) => {
  const { logbook, folder } = await openLogbook(context);
  const prefix = join(folder, 'lo');
  for (const at of Array.from({ length: 20 }).keys()) {
    const leftover = join(prefix, `log-${at}.tmp`);
    mkdirSync(leftover, { recursive: true });
    for (const name of ['log.idx', 'log.ndjson.gz']) writeFileSync(join(leftover, name), '');
  }
  await Promise.all([logbook.unsealed(), logbook.sealedHere(), logbook.unsealed(), logbook.remove('log-1')]);
  assert.deepEqual(readdirSync(prefix), []);
});

test('the index in memory has one position per 64 lines or 64 KiB, whatever the runs are, and finds every line', () => {
  for (const lineCount of [1, 5, 63, 64]) {
    const index = new LineIndex();
    let places = 0;
    let lastPlace = -1;
    for (let run = 0; run < 2000; run += 1) {
      index.add(runAt(run, lineCount), run * 80, run * 80 + 80);
      const place = index.before(run * lineCount + 1).firstLine;
      if (place !== lastPlace) places += 1;
      lastPlace = place;
    }
    const placeLines = Math.floor(64 / lineCount) * lineCount;
    assert.ok(places <= Math.ceil((2000 * lineCount) / placeLines), `${places} places of runs of ${lineCount}`);
    for (let line = 1; line <= 2000 * lineCount; line += 97) {
      const before = index.before(line);
      const after = index.after(line);
      assert.ok(before.firstLine <= line && line < after.firstLine);
      assert.ok(after.firstLine - before.firstLine <= 64);
      assert.equal(before.offsetBytes, (before.firstLine - 1) * 100);
      assert.equal(after.recordBytes, ((after.firstLine - 1) / lineCount) * 80);
    }
  }
});

function runAt(position: number, lineCount: number): Run {
  const firstLine = position * lineCount + 1;
  const offsetBytes = position * lineCount * 100;
  return {
    firstLine,
    lineCount,
    offsetBytes,
    lengthBytes: lineCount * 100,
    crc: 0,
    timeMs: 1,
    stage: 'A',
    step: 0,
    attempt: 1,
    flags: 0,
  };
}
