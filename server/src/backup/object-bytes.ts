import { createHash } from 'node:crypto';
import { closeSync, constants, copyFileSync, openSync, readSync, writeSync } from 'node:fs';
import type { BackupSource } from './backup-place.ts';
import type { BackupFile } from './manifest.ts';

const WINDOW_BYTES = 1024 * 1024;

/** The SHA-256 of a range of a file. */
export function digestOf(descriptor: number, offsetBytes: number, sizeBytes: number): string {
  const hash = createHash('sha256');
  for (const bytes of windows(descriptor, offsetBytes, sizeBytes)) hash.update(bytes);
  return hash.digest('hex');
}

/** Copies an object to a file. Throws if the backup does not have it. */
export function writeObject(source: BackupSource, { path, sha256 }: BackupFile, to: string): void {
  const object = source.find(sha256);
  if (object === undefined) throw new Error(`${path}: its content ${sha256} is missing`);
  try {
    // Where the file system can share the bytes, this takes no space.
    if (object.file.endsWith(sha256)) {
      copyFileSync(object.file, to, constants.COPYFILE_FICLONE);
      return;
    }
    const descriptor = openSync(to, 'w', 0o600);
    try {
      for (const bytes of windows(object.descriptor, object.offsetBytes, object.sizeBytes))
        for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
    } finally {
      closeSync(descriptor);
    }
  } finally {
    source.release(object);
  }
}

/** Up to the end of the range, or of the file. Each window is valid until the next. */
function* windows(descriptor: number, offsetBytes: number, sizeBytes: number): Generator<Buffer> {
  const window = Buffer.allocUnsafe(WINDOW_BYTES);
  for (let at = 0; at < sizeBytes; ) {
    const bytes = readSync(descriptor, window, 0, Math.min(WINDOW_BYTES, sizeBytes - at), offsetBytes + at);
    if (bytes === 0) return;
    yield window.subarray(0, bytes);
    at += bytes;
  }
}
