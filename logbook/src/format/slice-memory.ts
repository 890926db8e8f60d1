import { releaseMemory } from './release-memory.ts';

/** The size of text that a reader of a whole log gets at once. */
export const SLICE_BYTES = 256 * 1024;
/** More are rarely in use at once: each reader of a whole log has one. */
const KEPT = 4;

/** Memory of `SLICE_BYTES` that was given back. */
const free: ArrayBuffer[] = [];

/** Memory to read a slice into, until it is given back. */
export interface SliceMemory {
  bytes: Buffer;
  release: () => void;
}

/** Memory of this size. New memory for each slice would cost more than reading it: the system provides it page by page. */
export function takeMemory(sizeBytes: number): SliceMemory {
  if (sizeBytes > SLICE_BYTES) {
    const bytes = Buffer.allocUnsafeSlow(sizeBytes);
    return { bytes, release: () => releaseMemory(bytes) };
  }
  const memory = free.pop() ?? new ArrayBuffer(SLICE_BYTES);
  return { bytes: Buffer.from(memory, 0, sizeBytes), release: () => giveBack(memory) };
}

/** The next reader gets it as another ArrayBuffer, so code that still has the bytes finds none, rather than another log's. */
function giveBack(memory: ArrayBuffer): void {
  if (memory.detached) return;
  if (free.length < KEPT) free.push(memory.transfer());
  else memory.transfer(0);
}
