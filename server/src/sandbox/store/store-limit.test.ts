import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { dropOldStores, touchStore } from './store-limit.ts';

const MEBIBYTE = 2 ** 20;

function makeStores(t: TestContext, sizes: Record<string, number>): string {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-stores-'));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const [index, [id, mebibytes]] of Object.entries(sizes).entries()) {
    mkdirSync(join(folder, id));
    writeFileSync(join(folder, id, 'store.img'), Buffer.alloc(mebibytes * MEBIBYTE, 1));
    touchStore(folder, id, 1_000_000 + index);
  }
  return folder;
}

test('removes stores, least recently used first, until the rest is within the limit', (t) => {
  const folder = makeStores(t, { a: 2, b: 2, c: 2 });
  touchStore(folder, 'a', 2_000_000);
  assert.deepEqual(dropOldStores(folder, 5 * MEBIBYTE, new Set()), ['b']);
  assert.deepEqual(readdirSync(folder).toSorted(), ['a', 'c']);
  assert.deepEqual(dropOldStores(folder, 5 * MEBIBYTE, new Set()), []);
});

test('keeps a store that is in use, and counts it toward the limit', (t) => {
  const folder = makeStores(t, { a: 2, b: 2, c: 2 });
  assert.deepEqual(dropOldStores(folder, 1, new Set(['a'])), ['b', 'c']);
  assert.deepEqual(readdirSync(folder), ['a']);
});
