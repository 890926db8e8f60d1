import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';

import { bytesOf, fastFolder, logOf, openLogbook } from './testing/logbook.ts';

test("the text of a log is the same hot and sealed, from any offset, and equals the archive's content", async (t) => {
  const { logbook } = await openLogbook(t, { folder: fastFolder(t) });
  const writer = await logbook.create('log');
  for (let line = 0; line < 4000; line += 1) await writer.write(Buffer.from(`${line} é ${'x'.repeat(line % 90)}\n`));
  await writer.committed();
  const log = await logOf(logbook, 'log');
  const read = async (from: number): Promise<Buffer> => bytesOf(log, from, (await log.reach()).sizeBytes);
  assert.throws(() => log.archive(0, 1), /not sealed/);
  const hot = await read(0);
  assert.equal(hot.length, (await logbook.reach('log'))?.sizeBytes);
  const seal = await writer.seal({ verdict: 'complete' });
  assert.ok(seal.blockCount > 3);
  assert.ok(hot.equals(await read(0)));
  for (const from of [1, 65_535, 65_536, 70_000, hot.length - 1, hot.length, hot.length + 5]) {
    assert.ok(hot.subarray(from).equals(await read(from)), `from byte ${from}`);
  }
  assert.equal(createHash('sha256').update(hot).digest('hex'), seal.sha256);
  const archive = Buffer.concat(await log.archive(0, seal.archiveBytes).toArray());
  assert.ok(gunzipSync(archive).equals(hot));
  assert.ok(archive.subarray(7, 99).equals(Buffer.concat(await log.archive(7, 99).toArray())));
  await assert.rejects(bytesOf(log, 0, hot.length + 1), /ends at byte/);
});
