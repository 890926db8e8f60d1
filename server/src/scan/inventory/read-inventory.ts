import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type ConfinedLimits, ConfinedWork, ConfinedWorkExhausted } from '#confined/confined-work.ts';
import { ImageMistake, type Inventory } from './inventory.ts';
import { readImage } from './read-image.ts';
import type { ReadLimits } from './read-layer.ts';

/** The limits of the process that reads an image. A large image takes a minute of CPU time. */
const PROCESS_LIMITS: Partial<ConfinedLimits> = {
  inlineChars: 0,
  processorMs: 300_000,
  waitMs: 1_800_000,
  heapMebibytes: 384,
  replyBytes: 64 * 2 ** 20,
};
const READ_LIMITS: ReadLimits = { entries: 1_000_000, unpackedBytes: 32 * 2 ** 30 };

/** Limits for reading an image, if they differ from the usual ones. */
export interface InventoryLimits {
  process?: Partial<ConfinedLimits>;
  read?: Partial<ReadLimits>;
}

/**
 * Reads the packages of an image, in a process that is ended at its limits. `scratch` is a folder in which it makes a
 * temporary one of its own. Throws ImageMistake, and the reason of a signal that aborts.
 */
export async function readInventory(
  layers: readonly { file: string; digest: string }[],
  scratch: string,
  signal: AbortSignal,
  limits: InventoryLimits = {},
): Promise<Inventory> {
  signal.throwIfAborted();
  const folder = await mkdtemp(join(scratch, 'scan-'));
  const access = { reads: [folder, ...layers.map(({ file }) => file)], writes: [folder] };
  await using work = new ConfinedWork({ ...PROCESS_LIMITS, ...limits.process }, access);
  const stop = () => void work.close();
  signal.addEventListener('abort', stop);
  try {
    const image = { layers, scratch: folder, limits: { ...READ_LIMITS, ...limits.read } };
    const read = await work.run({ module: new URL('read-image.ts', import.meta.url).href, run: readImage }, image);
    if ('mistake' in read) throw new ImageMistake(read.mistake);
    return read.inventory;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ConfinedWorkExhausted) throw new ImageMistake(`the image cannot be read: ${error.message}`);
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    await rm(folder, { recursive: true, force: true });
  }
}

/** Removes what a killed server left. */
export async function emptyScratch(folder: string): Promise<void> {
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true, force: true });
}
