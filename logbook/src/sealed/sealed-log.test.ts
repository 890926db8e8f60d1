import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { constants, crc32, gunzipSync, inflateRawSync } from 'node:zlib';

import fc from 'fast-check';
import { nodeDisk } from '../disk/disk.ts';
import { decodeBlocks } from '../format/block-table.ts';
import { SEALED_MAGIC } from '../format/record.ts';
import { readRecords } from '../format/record-reader.ts';
import { Logbook, type LogWriter, type Page } from '../logbook.ts';
import { FailingDisk } from '../testing/failing-disk.ts';
import { fastFolder, logOf, messagesOf, openLogbook, pageOf } from '../testing/logbook.ts';

test('the same offset returns the same bytes before, during and after sealing, and after a restart', async (context) => {
  const message = fc.oneof(
    fc.string({ maxLength: 40 }),
    fc.constant('x'.repeat(3000)),
    fc.string({ unit: 'binary', maxLength: 40 }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(message, { minLength: 1, maxLength: 150 }),
      fc.array(fc.tuple(fc.nat(400), fc.integer({ min: 1, max: 200 })), { minLength: 1, maxLength: 20 }),
      async (messages, pages) => {
        const { logbook, folder } = await openLogbook(context, {
          folder: fastFolder(context),
          blockCacheBytes: 100_000,
        });
        const writer = await logbook.create('log-1');
        for (const text of messages) await writer.line(text);
        await writer.committed();
        const read = (from: Logbook): Promise<string[]> =>
          Promise.all(pages.map(async ([offset, limit]) => describe(await pageOf(from, 'log-1', offset, limit))));
        const before = await read(logbook);
        const sealing = writer.seal({ verdict: 'complete' });
        let isSealing = true;
        const watched = (async () => {
          for (; isSealing; await setImmediate()) assert.deepEqual(await read(logbook), before);
        })();
        await sealing;
        isSealing = false;
        await watched;
        assert.deepEqual(await read(logbook), before);
        await logbook.close();
        const again = await Logbook.open({ folder });
        assert.deepEqual(await read(again), before);
        await again.close();
      },
    ),
    { numRuns: 15 },
  );
});

test('each block has whole lines, about 64 KiB of them, and inflates independently', async (context) => {
  const { archive, index, seal, text } = await sealedLog(context);
  const gzip = readFileSync(archive);
  const file = nodeDisk.open(index, 'read');
  const blocks = [...readRecords(file, SEALED_MAGIC)].flatMap((record) =>
    'type' in record && record.type === 16 ? decodeBlocks(record.payload) : [],
  );
  file.close();
  assert.equal(blocks.length, seal.blockCount);
  assert.ok(blocks.length > 5);
  let at = 0;
  for (const block of blocks) {
    const stored = gzip.subarray(block.gzipOffsetBytes, block.gzipOffsetBytes + block.gzipBytes);
    const part = inflateRawSync(stored, { finishFlush: constants.Z_SYNC_FLUSH });
    assert.deepEqual(part, text.subarray(at, at + block.textBytes));
    assert.equal(crc32(part), block.crc);
    assert.equal(part.at(-1), 10);
    assert.ok(part.length <= 64 * 1024);
    at += part.length;
  }
  assert.equal(at, text.length);
});

test('a page reports damage in its part of the archive, and never returns a wrong line', async (context) => {
  const { archive, folder, seal } = await sealedLog(context);
  const sound = readFileSync(archive);
  const logbook = await Logbook.open({ folder });
  const expected = await messagesOf(logbook, 'log-1');
  await logbook.close();
  let reported = 0;
  for (let at = 10; at < sound.length - 10; at += 9973) {
    const damaged = Buffer.from(sound);
    damaged[at] = (sound[at] ?? 0) ^ 0x10;
    writeFileSync(archive, damaged);
    const other = await Logbook.open({ folder });
    for (let offset = 0; offset < seal.lineCount; offset += 100) {
      try {
        const lines = (await other.lines('log-1', offset)).map((line) => line.message);
        assert.deepEqual(lines, expected.slice(offset, offset + 100));
      } catch (error) {
        if (error instanceof assert.AssertionError) throw error;
        reported += 1;
      }
    }
    await other.close();
  }
  assert.ok(reported > 0);
});

test('a reader of a damaged archive gets the lines before the damaged block, then an error that names it', async (context) => {
  const { archive, index, folder } = await sealedLog(context);
  const file = nodeDisk.open(index, 'read');
  const blocks = [...readRecords(file, SEALED_MAGIC)].flatMap((record) =>
    'type' in record && record.type === 16 ? decodeBlocks(record.payload) : [],
  );
  file.close();
  const sound = readFileSync(archive);
  for (const [at, block] of blocks.entries()) {
    const damaged = Buffer.from(sound);
    const middle = block.gzipOffsetBytes + (block.gzipBytes >> 1);
    damaged[middle] = (sound[middle] ?? 0) ^ 0x10;
    writeFileSync(archive, damaged);
    const logbook = await Logbook.open({ folder });
    let line = 1;
    const log = await logOf(logbook, 'log-1');
    const readOn = async () => {
      for (let slice = await log.textFrom(line); slice.lineCount > 0; slice = await log.textFrom(line)) {
        assert.equal(slice.firstLine, line);
        line += slice.lineCount;
      }
    };
    const lines = `lines ${block.firstLine} to ${block.firstLine + block.lineCount - 1}`;
    await assert.rejects(readOn, new RegExp(`damaged in block ${at}, ${lines}$`));
    assert.equal(line, block.firstLine);
    await logbook.close();
  }
});

test('a damaged or missing index of a sealed log is an error, not an empty log', async (context) => {
  const { index, folder } = await sealedLog(context);
  const sound = readFileSync(index);
  for (const bytes of [
    Buffer.alloc(0),
    sound.subarray(0, -8),
    Buffer.concat([sound.subarray(0, 40), Buffer.alloc(8), sound.subarray(48)]),
  ]) {
    writeFileSync(index, bytes);
    const logbook = await Logbook.open({ folder });
    await assert.rejects(logbook.reach('log-1'), /open log log-1/);
    await logbook.close();
  }
});

test('removes hot files beside an undamaged seal; beside a damaged one they are still the log', async (context) => {
  const folder = fastFolder(context);
  const first = await Logbook.open({ folder });
  const writer = await first.create('log-1');
  await fill(writer);
  const files = join(folder, 'lo', 'log-1');
  for (const name of ['hot.ndjson', 'hot.idx']) copyFileSync(join(files, name), join(folder, name));
  await writer.seal({ verdict: 'complete' });
  const expected = await messagesOf(first, 'log-1');
  await first.close();

  for (const name of ['hot.ndjson', 'hot.idx']) copyFileSync(join(folder, name), join(files, name));
  const second = await Logbook.open({ folder });
  assert.deepEqual(await second.unsealed(), []);
  assert.deepEqual(readdirSync(files), ['log.idx', 'log.ndjson.gz']);
  await second.close();

  for (const name of ['hot.ndjson', 'hot.idx']) copyFileSync(join(folder, name), join(files, name));
  writeFileSync(join(files, 'log.idx'), 'torn');
  const third = await Logbook.open({ folder });
  assert.deepEqual(await third.unsealed(), ['log-1']);
  const resumed = await third.resume('log-1');
  await resumed.seal({ verdict: 'partial', reason: 'the server was stopped' });
  assert.deepEqual(await messagesOf(third, 'log-1'), expected);
  await third.close();
  assert.deepEqual(readdirSync(files), ['log.idx', 'log.ndjson.gz']);
});

test('a log without lines can be sealed and read', async (context) => {
  const { logbook, folder } = await openLogbook(context);
  const writer = await logbook.create('log-1');
  const seal = await writer.seal({ verdict: 'partial', reason: 'cancelled before it began' });
  assert.equal(seal.lineCount, 0);
  assert.equal((await pageOf(logbook, 'log-1', 0)).latin1, '');
  assert.deepEqual(await logbook.lines('log-1', 0), []);
  assert.equal(gunzipSync(readFileSync(join(folder, 'lo', 'log-1', 'log.ndjson.gz'))).length, 0);
});

test('a removed log is gone, and its id is free', async (context) => {
  const { logbook, folder } = await openLogbook(context);
  const writer = await logbook.create('log-1');
  await assert.rejects(logbook.remove('log-1'), /being written/);
  await writer.seal({ verdict: 'complete' });
  await logbook.remove('log-1');
  await logbook.remove('log-1');
  assert.equal(await logbook.reach('log-1'), undefined);
  await assert.rejects(pageOf(logbook, 'log-1', 0), /there is no log "log-1"/);
  assert.deepEqual(readdirSync(join(folder, 'lo')), []);
  await (await logbook.create('log-1')).seal({ verdict: 'complete' });
});

test('an interrupted removal leaves the whole log or none of it, and the next listing completes it', async (context) => {
  let removals = 0;
  for (let failAt = 1; ; failAt += 1) {
    const folder = fastFolder(context);
    const made = await Logbook.open({ folder });
    await (await made.create('log-1')).seal({ verdict: 'complete' });
    await made.close();
    const failing = await Logbook.open({ folder, disk: new FailingDisk(failAt + 1, 'dead') });
    const failed = await failing.remove('log-1').then(
      () => false,
      () => true,
    );
    await failing.close();
    const again = await Logbook.open({ folder });
    assert.deepEqual(await again.unsealed(), []);
    const isThere = (await again.reach('log-1')) !== undefined;
    if (!isThere) assert.deepEqual(readdirSync(join(folder, 'lo')), [], `act ${failAt}`);
    assert.equal((await again.verify('log-1'))?.damage.length ?? 0, 0);
    await again.close();
    removals += 1;
    if (!failed) return assert.ok(removals > 5 && !isThere, `${removals} acts`);
  }
});

test('reads more logs than may stay open', async (context) => {
  const { logbook } = await openLogbook(context, { openLogLimit: 2, folder: fastFolder(context) });
  const ids = Array.from({ length: 8 }, (_, at) => `log-${at}`);
  for (const id of ids) {
    const writer = await logbook.create(id);
    await writer.line(`of ${id}`);
    await writer.seal({ verdict: 'complete' });
  }
  for (const id of [...ids, ...ids]) assert.deepEqual(await messagesOf(logbook, id), [`of ${id}`]);
});

/** All fields of a page, to compare. */
function describe(page: Page): string {
  return `${page.totalCount} ${page.firstLine} ${page.lineCount} ${page.latin1}`;
}

interface Sealed {
  folder: string;
  archive: string;
  index: string;
  text: Buffer;
  seal: Awaited<ReturnType<LogWriter['seal']>>;
}

async function sealedLog(context: TestContext): Promise<Sealed> {
  const folder = fastFolder(context);
  const logbook = await Logbook.open({ folder });
  const writer = await logbook.create('log-1');
  await fill(writer);
  const files = join(folder, 'lo', 'log-1');
  const text = readFileSync(join(files, 'hot.ndjson'));
  writer.masked(3);
  const seal = await writer.seal({ verdict: 'complete' });
  await logbook.close();
  return { folder, archive: join(files, 'log.ndjson.gz'), index: join(files, 'log.idx'), text, seal };
}

async function fill(writer: LogWriter): Promise<void> {
  const every = Buffer.from(Array.from({ length: 256 }, (_, value) => value));
  for (let step = 0; step < 40; step += 1) {
    writer.stage(step % 3 === 0 ? 'DOCKER_IMAGE_BUILD' : 'DOCKER_IMAGE_PUSH', step);
    for (let line = 0; line < 100; line += 1) {
      const digest = createHash('sha256').update(`${step} ${line}`).digest('hex');
      await writer.write(Buffer.from(`layer ${digest} of step ${step}, line ${line}\n`));
    }
    await writer.write(every);
    await writer.write(Buffer.alloc(20_000, 'long '));
  }
  await writer.line('end');
  await writer.committed();
}
