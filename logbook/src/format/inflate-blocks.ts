import { constants, crc32, inflateRawSync } from 'node:zlib';

import type { Block } from './block-table.ts';

/**
 * The text of consecutive blocks, from their bytes in the archive. Throws if a block's text does not match the index.
 */
export function inflateBlocks(stored: Buffer, blocks: readonly Block[]): Buffer {
  const textBytes = blocks.reduce((bytes, block) => bytes + block.textBytes, 0);
  // One chunk of the text's size: the default of 16 KiB made the slowest reads four times slower. One byte more, because zlib
  // allocates another chunk when one is full.
  const chunkSize = Math.max(textBytes + 1, 64);
  const text = inflateRawSync(stored, { finishFlush: constants.Z_SYNC_FLUSH, chunkSize });
  if (text.length !== textBytes) throw new Error(`${text.length} bytes of text instead of ${textBytes}`);
  let at = 0;
  for (const block of blocks) {
    const crc = crc32(text.subarray(at, at + block.textBytes));
    if (crc !== block.crc) throw new Error(`the text from line ${block.firstLine} on has another CRC-32`);
    at += block.textBytes;
  }
  return text;
}
