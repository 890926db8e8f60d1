import { constants, crc32, inflateRawSync } from 'node:zlib';

import type { Block } from './block-table.ts';
import type { TextSlice } from './text-slice.ts';

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

/** The text of blocks; of the first alone if one of them is damaged. */
export function inflateSlice(stored: Buffer, blocks: readonly Block[]): Omit<TextSlice, 'release'> {
  const [first] = blocks;
  const { firstLine = 0, gzipBytes = 0 } = first ?? {};
  try {
    const lineCount = blocks.reduce((lines, block) => lines + block.lineCount, 0);
    return { firstLine, lineCount, text: inflateBlocks(stored, blocks) };
  } catch (cause) {
    if (first === undefined || blocks.length === 1) throw cause;
    const text = inflateBlocks(stored.subarray(0, gzipBytes), [first]);
    return { firstLine, lineCount: first.lineCount, text };
  }
}
