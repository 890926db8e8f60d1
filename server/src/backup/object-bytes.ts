import { createHash } from 'node:crypto';
import { closeSync, constants, copyFileSync, createWriteStream, readSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { BackupObject, LocalBytes } from './backup-place.ts';

const WINDOW_BYTES = 1024 * 1024;

/** An object in a part of an open file, which is closed with it if it is its own. */
export function localObject(local: LocalBytes & { sizeBytes: number; isOwn: boolean }): BackupObject {
  const { file, descriptor, offsetBytes, sizeBytes, isOwn } = local;
  return {
    where: file,
    sizeBytes,
    local: { file, descriptor, offsetBytes },
    read: async function* () {
      yield* windows(descriptor, offsetBytes, sizeBytes);
    },
    release: () => {
      if (isOwn) closeSync(descriptor);
    },
  };
}

/** The SHA-256 of an object. */
export async function digestOfObject(object: BackupObject): Promise<string> {
  if (object.local !== undefined) return digestOf(object.local.descriptor, object.local.offsetBytes, object.sizeBytes);
  const hash = createHash('sha256');
  for await (const bytes of object.read()) hash.update(bytes);
  return hash.digest('hex');
}

/** The SHA-256 of a range of a file. */
export function digestOf(descriptor: number, offsetBytes: number, sizeBytes: number): string {
  const hash = createHash('sha256');
  for (const bytes of windows(descriptor, offsetBytes, sizeBytes)) hash.update(bytes);
  return hash.digest('hex');
}

/** Copies an object to a file. */
export async function writeObject(object: BackupObject, sha256: string, to: string): Promise<void> {
  // Where the file system can share the bytes, this takes no space.
  if (object.local?.file.endsWith(sha256)) copyFileSync(object.local.file, to, constants.COPYFILE_FICLONE);
  else await pipeline(object.read(), createWriteStream(to, { mode: 0o600 }));
}

/** Up to the end of the range, or of the file. */
function* windows(descriptor: number, offsetBytes: number, sizeBytes: number): Generator<Buffer> {
  for (let at = 0; at < sizeBytes; ) {
    const window = Buffer.allocUnsafe(Math.min(WINDOW_BYTES, sizeBytes - at));
    const bytes = readSync(descriptor, window, 0, window.length, offsetBytes + at);
    if (bytes === 0) return;
    yield window.subarray(0, bytes);
    at += bytes;
  }
}
