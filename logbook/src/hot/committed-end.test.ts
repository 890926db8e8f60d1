import assert from 'node:assert/strict';
import { appendFileSync, cpSync, mkdirSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';

import { Logbook } from '../logbook.ts';
import { fastFolder, openLogbook } from '../testing/logbook.ts';
import { committedEnd } from './committed-end.ts';

test('a copy of a running log up to its committed end is undamaged and has every committed line', async (context) => {
  const { logbook, folder } = await openLogbook(context, { folder: fastFolder(context) });
  const writer = await logbook.create('log-1');
  for (let line = 1; line <= 500; line += 1) {
    await writer.line(`line ${line}`);
    if (line % 50 !== 0) continue;
    await writer.committed();
    const { lineCount, damage } = await copied(context, folder, () => undefined);
    assert.equal(lineCount, line);
    assert.deepEqual(damage, []);
  }
});

test('bytes of a batch that is being written are left out of the copy', async (context) => {
  const { logbook, folder } = await openLogbook(context, { folder: fastFolder(context) });
  const writer = await logbook.create('log-1');
  for (let line = 1; line <= 10; line += 1) await writer.line(`line ${line}`);
  await writer.committed();
  const half = '{"LineNumber":11,"Message":"li';
  const { lineCount, damage, text } = await copied(context, folder, (files) => appendFileSync(files.hotText, half));
  assert.equal(lineCount, 10);
  assert.deepEqual(damage, []);
  assert.ok(!text.includes(half));
});

test('a damaged log is copied as a whole, so that nothing of it is hidden', async (context) => {
  const { logbook, folder } = await openLogbook(context, { folder: fastFolder(context) });
  const writer = await logbook.create('log-1');
  for (let line = 1; line <= 300; line += 1) await writer.line(`line ${line}`);
  await writer.committed();
  const { damage } = await copied(context, folder, (files) => truncateSync(files.hotText, 1000));
  assert.notDeepEqual(damage, []);
});

/** What a logbook finds in a copy of the log. `change` changes the files before they are copied. */
async function copied(
  context: TestContext,
  folder: string,
  change: (files: { hotText: string; hotIndex: string }) => void,
) {
  const place = join('lo', 'log-1');
  const source = fastFolder(context);
  cpSync(folder, source, { recursive: true });
  const files = { hotText: join(source, place, 'hot.ndjson'), hotIndex: join(source, place, 'hot.idx') };
  change(files);
  const { textBytes, indexBytes } = await committedEnd(files);
  const target = fastFolder(context);
  mkdirSync(join(target, place), { recursive: true });
  cpSync(files.hotText, join(target, place, 'hot.ndjson'));
  cpSync(files.hotIndex, join(target, place, 'hot.idx'));
  truncateSync(join(target, place, 'hot.ndjson'), textBytes);
  truncateSync(join(target, place, 'hot.idx'), indexBytes);
  const logbook = await Logbook.open({ folder: target });
  const found = await logbook.verify('log-1');
  await logbook.close();
  assert.ok(found !== undefined);
  return { ...found, text: readFileSync(join(target, place, 'hot.ndjson'), 'utf8') };
}
