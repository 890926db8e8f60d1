import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PullBlocks } from './pull-blocks.ts';

const KIBIBYTE = 1024;

function kibibytesOf(blocks: PullBlocks, sizeBytes: number) {
  const taken = blocks.take(sizeBytes);
  return { taken, kibibytes: taken.pair.map(({ length }) => length / KIBIBYTE) };
}

test('many pulls at once take little memory each, and large blocks are free again when a pull ends', () => {
  const blocks = new PullBlocks();
  const first = Array.from({ length: 32 }, () => kibibytesOf(blocks, 2 ** 30));
  assert.deepEqual(new Set(first.flatMap(({ kibibytes }) => kibibytes)), new Set([512]));
  const beyond = Array.from({ length: 1000 }, () => kibibytesOf(blocks, 2 ** 30));
  assert.deepEqual(new Set(beyond.flatMap(({ kibibytes }) => kibibytes)), new Set([64]));
  for (const { taken } of beyond) taken[Symbol.dispose]();
  assert.deepEqual(kibibytesOf(blocks, 2 ** 30).kibibytes, [64, 64]);
  first[0]?.taken[Symbol.dispose]();
  assert.deepEqual(kibibytesOf(blocks, 2 ** 30).kibibytes, [512, 512]);
});

test('blocks are no larger than the layer, and small layers leave the large ones to others', () => {
  const blocks = new PullBlocks();
  for (let pulls = 0; pulls < 40; pulls += 1) assert.deepEqual(kibibytesOf(blocks, 64 * KIBIBYTE).kibibytes, [64, 64]);
  assert.deepEqual(kibibytesOf(blocks, 0).kibibytes, [0, 0]);
  assert.deepEqual(kibibytesOf(blocks, 100 * KIBIBYTE).kibibytes, [100, 100]);
});
