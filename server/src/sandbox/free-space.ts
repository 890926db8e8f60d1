import { statfs } from 'node:fs/promises';

// Stores are sparse, so together they may promise more than the disk has. What is kept is for the log and the database.
const reserveBytes = 2 ** 30;
const intervalMs = 500;

/** Calls `onLow` once when the data folder's disk has less than 1 GiB left. Returns what ends the watch. */
export function watchFreeSpace(onLow: () => void): () => void {
  const timer = setInterval(() => {
    void isLow().then((low) => {
      if (!low) return;
      clearInterval(timer);
      onLow();
    });
  }, intervalMs);
  return () => clearInterval(timer);
}

async function isLow(): Promise<boolean> {
  const { bavail, bsize } = await statfs('.');
  return bavail * bsize < reserveBytes;
}
