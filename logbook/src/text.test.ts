import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';

import { fastFolder, openLogbook } from './testing/logbook.ts';

test("the text of a log is the same hot and sealed, from any offset, and equals the archive's content", async (t) => {
  const { logbook } = await openLogbook(t, { folder: fastFolder(t) });
  const writer = await logbook.create('log');
  for (let line = 0; line < 4000; line += 1) await writer.write(Buffer.from(`${line} é ${'x'.repeat(line % 90)}\n`));
  await writer.committed();
  const read = (from: number): Buffer => {
    const parts: Buffer[] = [];
    let at = from;
    for (let part = logbook.text('log', at, 50_000); part.length > 0; part = logbook.text('log', at, 50_000)) {
      parts.push(part);
      at += part.length;
    }
    return Buffer.concat(parts);
  };
  assert.equal(logbook.archivePath('log'), undefined);
  const hot = read(0);
  assert.equal(hot.length, logbook.state('log')?.sizeBytes);
  const seal = await writer.seal({ verdict: 'complete' });
  assert.ok(seal.blockCount > 3);
  assert.ok(hot.equals(read(0)));
  for (const from of [1, 65_535, 65_536, 70_000, hot.length - 1, hot.length, hot.length + 5]) {
    assert.ok(hot.subarray(from).equals(read(from)), `from byte ${from}`);
  }
  assert.equal(createHash('sha256').update(hot).digest('hex'), seal.sha256);
  assert.ok(gunzipSync(readFileSync(logbook.archivePath('log') ?? '')).equals(hot));
});
