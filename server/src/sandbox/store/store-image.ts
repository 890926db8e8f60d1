import { execFile } from 'node:child_process';
import { closeSync, openSync, readSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { DISK_OWNER } from '../box/id-ranges.ts';
import { makeFolder } from '../folder/make-folder.ts';
import { isTorn } from './written-store.ts';

const run = promisify(execFile);

// A store whose image is this full is replaced by an empty one: it only grows, and the next build would find no space.
const FULL_SHARE = 0.85;
const SUPERBLOCK = { offsetBytes: 1024, sizeBytes: 1024, magic: 0xef53, cleanState: 1, recoverFeature: 4 };

/** The state of an image's content; `new` if there was no image. */
export type StoreState = 'kept' | 'new' | 'resized' | 'full' | 'unclean';

/**
 * Makes the sparse ext4 image at `path` ready to mount: a new one if it is absent, has another size, is nearly full, or
 * was not cleanly unmounted and written to the machine's disk.
 */
export async function prepareStoreImage(path: string, sizeBytes: number): Promise<StoreState> {
  const state = storeState(path, sizeBytes);
  if (state === 'kept') return state;
  makeFolder(dirname(path), 0o700);
  rmSync(path, { force: true });
  writeFileSync(path, '', { mode: 0o600 });
  truncateSync(path, sizeBytes);
  const owner = `root_owner=${DISK_OWNER}:${DISK_OWNER}`;
  const options = `nodiscard,lazy_itable_init=1,lazy_journal_init=1,${owner}`;
  await run('mkfs.ext4', ['-q', '-F', '-m', '0', '-E', options, path]);
  return state;
}

function storeState(path: string, sizeBytes: number): StoreState {
  const image = imageState(path);
  if (image === undefined) return 'new';
  if (image.sizeBytes !== sizeBytes) return 'resized';
  if (!isClean(path) || isTorn(path)) return 'unclean';
  return isNearlyFull(path) ? 'full' : 'kept';
}

/** Whether an unmounted image is so full that a build in it ran out of space or of inodes, or nearly did. */
export function isNearlyFull(path: string): boolean {
  const state = imageState(path);
  if (state === undefined) return false;
  if (state.writtenBytes >= FULL_SHARE * state.sizeBytes) return true;
  const block = readSuperblock(path);
  const [inodes, free] = [block.readUInt32LE(0x0), block.readUInt32LE(0x10)];
  return free <= (1 - FULL_SHARE) * inodes;
}

function imageState(path: string): { sizeBytes: number; writtenBytes: number } | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? undefined : { sizeBytes: stats.size, writtenBytes: stats.blocks * 512 };
}

/**
 * Whether the file system was unmounted and no damage was found in it; the kernel unmounts it also for a killed build.
 * After a power cut it was not unmounted. e2fsck would repair the file system, but not the layers in it: builders do
 * not sync the files of a layer, so some may be empty although the layer is on record. ext4 superblock:
 * https://docs.kernel.org/filesystems/ext4/globals.html
 */
export function isClean(path: string): boolean {
  const block = readSuperblock(path);
  const needsRecovery = (block.readUInt32LE(0x60) & SUPERBLOCK.recoverFeature) !== 0;
  return (
    block.readUInt16LE(0x38) === SUPERBLOCK.magic &&
    block.readUInt16LE(0x3a) === SUPERBLOCK.cleanState &&
    !needsRecovery
  );
}

function readSuperblock(path: string): Buffer {
  const block = Buffer.alloc(SUPERBLOCK.sizeBytes);
  const file = openSync(path, 'r');
  try {
    readSync(file, block, 0, block.length, SUPERBLOCK.offsetBytes);
  } finally {
    closeSync(file);
  }
  return block;
}
