import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import { createSecureContext } from 'node:tls';

/** A certificate with its chain, and its key, as PEM. */
export interface TlsPair {
  readonly cert: Buffer;
  readonly key: Buffer;
}

const POLL_MS = 1_000;

/** Reads certificate and key. Throws an `Error` that names the file, or that the two do not belong together. */
export function readTlsFiles(files: { cert: string; key: string }): TlsPair {
  const pair = { cert: readOne('certificate', files.cert), key: readOne('key', files.key) };
  try {
    createSecureContext(pair);
  } catch (cause) {
    const why = (cause as Error).message;
    throw new Error(`${files.cert} and ${files.key} are not a certificate and its key (${why})`, { cause });
  }
  return pair;
}

/**
 * Looks every second whether one of the files is another, and hands on a pair that fits. A pair that does not (the
 * second file is still to come, or is not readable to the plain user) goes to `onFault`, and what was in use stays.
 */
export function watchTlsFiles(
  files: { cert: string; key: string },
  onChange: (pair: TlsPair) => void,
  onFault: (error: Error) => void,
): Disposable {
  const read = () => {
    let pair: TlsPair;
    try {
      pair = readTlsFiles(files);
    } catch (error) {
      onFault(error as Error);
      return;
    }
    onChange(pair);
  };
  for (const file of [files.cert, files.key]) watchFile(file, { interval: POLL_MS, persistent: false }, read);
  return {
    [Symbol.dispose]: () => {
      for (const file of [files.cert, files.key]) unwatchFile(file, read);
    },
  };
}

function readOne(what: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const hint = code === 'EACCES' ? '; it must be readable to the user that the server runs as' : '';
    throw new Error(`the ${what} ${file} cannot be read (${code ?? message})${hint}`, { cause });
  }
}
