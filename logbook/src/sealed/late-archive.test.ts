import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { nodeDisk } from '../disk/disk.ts';
import { UnreachableLog } from '../format/unreachable-log.ts';
import { damageOf } from '../logbook.ts';
import { LateArchives } from '../testing/late-archives.ts';
import { fastFolder, linesOf } from '../testing/logbook.ts';
import { sealedLog } from './archive-store.contract.ts';
import { BlockCache } from './block-cache.ts';
import { FolderArchives } from './folder-archives.ts';
import { SealedLog } from './sealed-log.ts';

const CACHE_BYTES = 10 * 1024 * 1024;

test('readers of one block that is elsewhere share one read of it, and later ones need none', async (t) => {
  const { store, log } = await elsewhere(t);
  const pages = await Promise.all([0, 10, 20, 30].map((offset) => log.page(offset, 10)));
  assert.deepEqual(
    pages.flatMap(linesOf).map(({ LineNumber }) => LineNumber),
    Array.from({ length: 40 }, (_, at) => at + 1),
  );
  assert.equal(store.reads, 1);
  assert.equal(log.page(40, 10) instanceof Promise, false);
  assert.equal(store.reads, 1);
});

test('bytes that changed on their way are read once more; if they are changed again, they are damaged', async (t) => {
  const { store, log } = await elsewhere(t);
  const change = (bytes: Buffer) => bytes.fill(0, bytes.length >> 1);
  store.onTheWay = (bytes, read) => read === 1 && change(bytes);
  assert.equal(linesOf(await log.page(0, 10)).length, 10);
  store.onTheWay = change;
  await assert.rejects(
    async () => log.page(2000, 10),
    (error) => /lines \d+ to \d+$/.test(damageOf(error)?.message ?? ''),
  );
});

test('a store that fails is not called a damaged log, and the next read asks it again', async (t) => {
  const { store, log } = await elsewhere(t);
  store.onTheWay = () => {
    throw new UnreachableLog('the store is away');
  };
  const reads = [async () => log.page(0, 10), async () => log.textFrom(1), async () => log.read(0, 10)];
  for (const read of reads) {
    await assert.rejects(read, (error) => damageOf(error) === undefined && error instanceof UnreachableLog);
  }
  store.onTheWay = () => undefined;
  assert.equal(linesOf(await log.page(0, 10)).length, 10);
});

async function elsewhere(t: TestContext): Promise<{ store: LateArchives; log: SealedLog }> {
  const folder = fastFolder(t);
  const store = new LateArchives(new FolderArchives(nodeDisk, folder));
  const ref = await store.put('log-1', (await sealedLog(t)).draft(folder, 'log-1'));
  const log = new SealedLog('log-1', await store.open(ref), new BlockCache(CACHE_BYTES));
  t.after(() => log.close());
  return { store, log };
}
