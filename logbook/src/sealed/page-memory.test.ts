import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { releaseMemory } from '../format/release-memory.ts';
import type { Logbook } from '../logbook.ts';
import { fastFolder, linesOf, openLogbook, pageOf } from '../testing/logbook.ts';

const LINES = 6000;
/** More lines than a block has. */
const FAR = 2000;
const BLOCK_BYTES = 64 * 1024;

test('pages of blocks that are not cached leave no memory to the collector', async (context) => {
  const logbook = await sealedLog(context);
  for (let round = 0; round < 3; round += 1) await views(logbook);
  const before = process.memoryUsage().arrayBuffers;
  for (let round = 0; round < 40; round += 1) await views(logbook);
  const grown = process.memoryUsage().arrayBuffers - before;
  assert.ok(grown < 4 * BLOCK_BYTES, `${grown} bytes after 120 blocks`);
});

test('a page over several blocks is whole where the cache has room for one', async (context) => {
  const logbook = await sealedLog(context);
  const numbers = linesOf(await pageOf(logbook, 'log-1', 0, LINES)).map(({ LineNumber }) => LineNumber);
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
async function views(logbook: Logbook): Promise<void> {
  for (let offset = 0; offset < LINES; offset += FAR) await pageOf(logbook, 'log-1', offset, 1);
}
