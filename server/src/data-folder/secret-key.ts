import { randomBytes } from 'node:crypto';
import { chownSync, closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { SECRET_KEY_BYTES } from '#account/secret-box.ts';
import { ExitError } from '#process/exit-error.ts';
import type { PlainUser } from '#process/plain-user.ts';

/**
 * Reads the key that secrets at rest are sealed with: 32 bytes as one line of hex. Makes the file at the first start
 * (mode 0600). Throws `ExitError` 4 for a file that cannot be read as such: without its key the secrets are lost, so it is never
 * written over a damaged one.
 */
export function openSecretKey(file: string, user: PlainUser): Buffer {
  const known = readKey(file);
  if (known) return known;
  const key = randomBytes(SECRET_KEY_BYTES);
  try {
    const handle = openSync(file, 'wx', 0o600);
    try {
      writeSync(handle, `${key.toString('hex')}\n`);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    if (process.getuid?.() === 0) chownSync(file, user.uid, user.gid);
  } catch (error) {
    throw new ExitError(4, `the key file ${file} cannot be made: ${(error as Error).message}`, { cause: error });
  }
  return key;
}

/** Reads the key of a folder that has one. Throws `ExitError` 4. */
export function readSecretKey(file: string): Buffer {
  const key = readKey(file);
  if (key === undefined) throw new ExitError(4, `the key file ${file} does not exist`);
  return key;
}

function readKey(file: string): Buffer | undefined {
  let content: string;
  try {
    content = readFileSync(file, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new ExitError(4, `the key file ${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
  if (/^[0-9a-f]+$/i.test(content) && content.length === SECRET_KEY_BYTES * 2) return Buffer.from(content, 'hex');
  throw new ExitError(
    4,
    `the key file ${file} is damaged: it must be ${SECRET_KEY_BYTES * 2} hex digits; restore it from a backup`,
  );
}
