import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';

/** A server under a name: how to reach it, and the caller's key pair. */
export interface ServerContext {
  readonly Endpoint: string;
  readonly AccessKeyId: string;
  readonly AccessKeySecret: string;
  /** Of a temporary key pair. */
  readonly SecurityToken?: string | undefined;
  /** A file with further certificate authorities. */
  readonly CaFile?: string | undefined;
}

/** The file of contexts. */
export interface ContextFile {
  /** The name of the context that commands use unless they name a server. */
  readonly Current?: string | undefined;
  readonly Contexts: Readonly<Record<string, ServerContext>>;
}

const OTHERS = 0o077;

/**
 * Reads the contexts of a user; a file that does not exist has none. Throws `CliError` if others may read it, or may
 * have written it: it holds secrets, and says where they are used.
 */
export function readContexts(file: string): ContextFile {
  try {
    const { uid, mode } = statSync(file);
    const self = process.getuid?.();
    if (self !== undefined && uid !== self)
      throw mistake(`${file} belongs to the user with id ${uid}; remove it, or give it to yourself`);
    if (self !== undefined && (mode & OTHERS) !== 0)
      throw mistake(`${file} holds secrets, and other users may open it; run chmod 600 ${file}`);
    const { Current, Contexts = {} } = JSON.parse(readFileSync(file, 'utf8')) as Partial<ContextFile>;
    return { Current, Contexts };
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { Contexts: {} };
    throw new CliError(EXIT_CODES.usage, `${file} cannot be read (${code ?? 'it is not JSON'})`, { cause });
  }
}

/** Replaces the file as a whole, so that a reader never sees half of it; only the user may open it. Throws `CliError`. */
export function writeContexts(file: string, contexts: ContextFile): void {
  const next = `${file}.${process.pid}`;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(next, `${JSON.stringify(contexts, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
    renameSync(next, file);
  } catch (cause) {
    rmSync(next, { force: true });
    const { code } = cause as NodeJS.ErrnoException;
    throw new CliError(EXIT_CODES.machine, `${file} cannot be written (${code ?? 'unknown'})`, { cause });
  }
}

/** The context of a name. Throws `CliError` that lists the others. */
export function getContext({ Contexts }: ContextFile, name: string): ServerContext {
  const found = Object.hasOwn(Contexts, name) ? Contexts[name] : undefined;
  if (found !== undefined) return found;
  const names = Object.keys(Contexts).join(', ') || 'none yet; slipway context add makes one';
  const lines = /^\d+$/.test(name) ? '; for lines around a match, give -C' : '';
  throw mistake(`there is no context ${JSON.stringify(name)}; there are ${names}${lines}`);
}

function mistake(message: string): CliError {
  return new CliError(EXIT_CODES.usage, message);
}
