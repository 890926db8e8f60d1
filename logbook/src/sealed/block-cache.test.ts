import assert from 'node:assert/strict';
import { test } from 'node:test';

import { BlockCache } from './block-cache.ts';

const LIMIT_BYTES = 4000;
/** Three of these fit, and four do not. */
const TEXT_BYTES = 1000;

test('keeps inflated blocks of all logs together up to a number of bytes', () => {
  const cache = new BlockCache(LIMIT_BYTES);
  const keys = Array.from({ length: 60 }, (_, at) => `log-${at % 3}/${at}`);
  for (const [at, key] of keys.entries()) {
    put(cache, key, 100 + at * 40);
    assert.ok(cache.get(key) !== undefined, `${key} was just put`);
    const bytes = keys.reduce((sum, each) => sum + (cache.get(each)?.joined.length ?? 0), 0);
    assert.ok(bytes <= LIMIT_BYTES, `${bytes} bytes after ${key}`);
  }
});

test('drops the least recently used block first, and makes room when a log is forgotten', () => {
  const cache = new BlockCache(LIMIT_BYTES);
  for (const key of ['log-1/0', 'log-2/0', 'log-2/1']) put(cache, key, TEXT_BYTES);
  cache.get('log-1/0');
  put(cache, 'log-3/0', TEXT_BYTES);
  assert.deepEqual(kept(cache), ['log-1/0', 'log-2/1', 'log-3/0']);
  cache.forget('log-2');
  put(cache, 'log-3/1', TEXT_BYTES);
  assert.deepEqual(kept(cache), ['log-1/0', 'log-3/0', 'log-3/1']);
});

function put(cache: BlockCache, key: string, sizeBytes: number): void {
  cache.put(key, Buffer.from('\n'.padStart(sizeBytes, 'x')), 1, 1);
}

function kept(cache: BlockCache): string[] {
  const keys = ['log-1/0', 'log-2/0', 'log-2/1', 'log-3/0', 'log-3/1'];
  return keys.filter((key) => cache.get(key) !== undefined);
}
