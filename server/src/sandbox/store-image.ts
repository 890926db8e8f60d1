import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { mappedIds } from './runc-config.ts';

const run = promisify(execFile);

// A store whose image was written this full is started anew: it grows only, and the next build would find no space.
const fullShare = 0.85;

/**
 * Makes the sparse ext4 image at `path` ready to mount: new when it is absent, of another size, nearly full, or damaged
 * beyond e2fsck's safe repairs. Returns whether what was in it is still there.
 */
export async function prepareStoreImage(path: string, sizeBytes: number): Promise<boolean> {
  const state = imageState(path);
  if (state?.sizeBytes === sizeBytes && state.writtenBytes < fullShare * sizeBytes && (await isSound(path)))
    return true;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  rmSync(path, { force: true });
  writeFileSync(path, '', { mode: 0o600 });
  truncateSync(path, sizeBytes);
  const owner = `root_owner=${mappedIds.first}:${mappedIds.first}`;
  const options = `nodiscard,lazy_itable_init=1,lazy_journal_init=1,${owner}`;
  await run('mkfs.ext4', ['-q', '-F', '-m', '0', '-E', options, path]);
  return false;
}

/** Whether the image was written so full that a build in it ran out of space, or nearly. */
export function isNearlyFull(path: string): boolean {
  const state = imageState(path);
  return state !== undefined && state.writtenBytes >= fullShare * state.sizeBytes;
}

function imageState(path: string): { sizeBytes: number; writtenBytes: number } | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? undefined : { sizeBytes: stats.size, writtenBytes: stats.blocks * 512 };
}

/** Quick on a clean image; replays the journal and repairs what is safe after a power cut. */
async function isSound(path: string): Promise<boolean> {
  try {
    await run('e2fsck', ['-p', path]);
    return true;
  } catch (error) {
    // 1 and 2: errors were corrected. Everything from 4 on: not, or not usable.
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return code === 1 || code === 2;
  }
}
