import { statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';

// Stores are sparse, so together they may promise more than the disk has. This much is kept for the log and the
// database.
const RESERVE_BYTES = 2 ** 30;
const INTERVAL_MS = 500;

/** A box that writes to its disk image. */
interface Writer {
  image: string;
  startBytes: number;
  isEnding: boolean;
  onLow: () => void;
}

const writers = new Set<Writer>();
let timer: NodeJS.Timeout | undefined;

/**
 * When the data folder's disk has less than 1 GiB left, calls `onLow` of the box whose image grew most, once. The next
 * one is told when that box is gone and the disk is still as full. Returns a function that ends the watch; call it when
 * the box takes no more space.
 */
export function watchFreeSpace(image: string, onLow: () => void): () => void {
  const writer = { image, startBytes: takenBytes(image), isEnding: false, onLow };
  writers.add(writer);
  timer ??= setInterval(() => void look(), INTERVAL_MS);
  return () => {
    writers.delete(writer);
    if (writers.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

async function look(): Promise<void> {
  const isLow = await isMoreThanLeft(0);
  const largest = chooseLargest([...writers]);
  if (!isLow || largest === undefined) return;
  largest.isEnding = true;
  largest.onLow();
}

/** The one that grew most; undefined while one is ending. */
export function chooseLargest<T extends Omit<Writer, 'onLow'>>(of: readonly T[]): T | undefined {
  if (of.some(({ isEnding }) => isEnding)) return undefined;
  const grown = (writer: T): number => takenBytes(writer.image) - writer.startBytes;
  return of.toSorted((a, b) => grown(b) - grown(a))[0];
}

function takenBytes(image: string): number {
  return (statSync(image, { throwIfNoEntry: false })?.blocks ?? 0) * 512;
}

/** Whether `bytes` more would make the data folder's disk nearly full. */
export async function isMoreThanLeft(bytes: number): Promise<boolean> {
  const { bavail, bsize } = await statfs('.');
  return bavail * bsize - bytes < RESERVE_BYTES;
}
