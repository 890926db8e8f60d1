import assert from 'node:assert/strict';
import { test } from 'node:test';
import { constants, crc32, deflateRawSync } from 'node:zlib';
import type { Block } from './block-table.ts';
import { inflateBlocks } from './inflate-blocks.ts';

const flush = { finishFlush: constants.Z_FULL_FLUSH };

test('refuses a text that inflates to the right length but has other bytes', () => {
  const text = Buffer.from('{"LineNumber":7,"Message":"good"}\n');
  const other = Buffer.from('{"LineNumber":7,"Message":"evil"}\n');
  const block = { firstLine: 7, textBytes: text.length, crc: crc32(text) } as Block;
  assert.deepEqual(inflateBlocks(deflateRawSync(text, flush), [block]), text);
  assert.throws(() => inflateBlocks(deflateRawSync(other, flush), [block]), /line 7 on has another CRC-32/);
});
