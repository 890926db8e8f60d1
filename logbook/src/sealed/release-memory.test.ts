import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';

import type { Logbook } from '../logbook.ts';
import { fastFolder, openLogbook } from '../testing/logbook.ts';
import { releaseMemory } from './release-memory.ts';

const LINES = 6000;
/** More lines than a block has. */
const FAR = 2000;
const PAGE_LINES = 100;
const BLOCK_BYTES = 64 * 1024;

test('pages of blocks that are not cached leave no memory to the collector', async (context) => {
  const logbook = await sealedLog(context);
  for (let round = 0; round < 3; round += 1) views(logbook);
  const before = process.memoryUsage().arrayBuffers;
  for (let round = 0; round < 40; round += 1) views(logbook);
  const grown = process.memoryUsage().arrayBuffers - before;
  assert.ok(grown < 4 * BLOCK_BYTES, `${grown} bytes after 120 blocks`);
});

test('a page that is kept stays the same while others displace its block', async (context) => {
  const logbook = await sealedLog(context);
  const kept = logbook.page('log-1', 10, PAGE_LINES).bytes;
  const text = kept.toString();
  views(logbook);
  assert.equal(kept.toString(), text);
  assert.equal(logbook.page('log-1', 10, PAGE_LINES).bytes.toString(), text);
  // The next reader of the block does not keep it.
  logbook.pageView('log-1', 10, PAGE_LINES);
  views(logbook);
  assert.equal(kept.toString(), text);
});

test('a page over several blocks is whole where the cache has room for one', async (context) => {
  const logbook = await sealedLog(context);
  const view = logbook.pageView('log-1', 0, LINES).bytes.toString();
  const numbers = (JSON.parse(`[${view}]`) as { LineNumber: number }[]).map(({ LineNumber }) => LineNumber);
  assert.deepEqual(
    numbers,
    Array.from({ length: LINES }, (_, at) => at + 1),
  );
});

test('memory that is shared with other buffers of Node is not returned', () => {
  const neighbours = Array.from({ length: 8 }, () => Buffer.from('a text'));
  releaseMemory(neighbours[3]);
  assert.deepEqual(
    neighbours.map((each) => each.toString()),
    neighbours.map(() => 'a text'),
  );
  const own = Buffer.allocUnsafeSlow(BLOCK_BYTES + 1);
  releaseMemory(own);
  assert.equal(own.length, 0);
});

/** A sealed log of several blocks, in a logbook that caches none. */
async function sealedLog(context: TestContext): Promise<Logbook> {
  const { logbook } = await openLogbook(context, { folder: fastFolder(context), blockCacheBytes: 0 });
  const writer = await logbook.create('log-1');
  for (let line = 1; line <= LINES; line += 1) await writer.line(`line ${line} ${'x'.repeat(60)}`);
  await writer.seal({ verdict: 'complete' });
  return logbook;
}

/** Reads three blocks in turn. */
function views(logbook: Logbook): void {
  for (let offset = 0; offset < LINES; offset += FAR) logbook.pageView('log-1', offset, 1);
}
