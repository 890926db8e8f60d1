import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, fstatSync, openSync, readSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import { ASIDE, needsTerminal } from './terminal-root.ts';

/** A server that this command started, and that lives as long as a command uses it. */
export interface EmbeddedServer {
  /** Whether it has ended. */
  gone(): boolean;
  /** Stops using it: resolves when it has ended, or when it stays for another command. */
  close(): Promise<void>;
}

/** The message on systems where no server can be started. */
export const SERVER_IS_ELSEWHERE =
  'the server runs on Linux only; name one with --endpoint or SLIPWAY_ENDPOINT, with SLIPWAY_ACCESS_KEY_ID and SLIPWAY_ACCESS_KEY_SECRET';

const LAUNCHER = join(import.meta.dirname, '..', '..', '..', 'slipway');
// What the server prints for the command that started it (server/src/server-life.ts).
const READY = 'slipway listening on';
const STAYS = 'slipway stays for another command';
const TAKEN_EXIT_CODE = 75;
const WORDS_LIMIT_BYTES = 8192;

/**
 * Starts a server on a free port of this machine. It ends when its standard input closes, also if this command is
 * killed, unless another command uses it. Returns undefined if the data folder has a server already. Throws `CliError`
 * with the server's own message.
 */
export async function startEmbeddedServer(dataFolder: string): Promise<EmbeddedServer | undefined> {
  if (process.platform !== 'linux' || !existsSync(LAUNCHER)) throw new CliError(EXIT_CODES.usage, SERVER_IS_ELSEWHERE);
  const args = ['serve', '--data', dataFolder, '--listen', '127.0.0.1:0', '--embedded', 'true'];
  // Its words for the user are plain; its log is JSON, which tells them apart.
  args.push('--log-format', 'json');
  // In its own group in any case: Ctrl-C at the terminal cancels the build, and the server must live to finish that.
  const isAside = needsTerminal();
  const [program = '', ...rest] = [...(isAside ? ASIDE : []), LAUNCHER, ...args];
  const words = openWords();
  try {
    const child = spawn(program, rest, { stdio: ['pipe', 'pipe', words], detached: !isAside });
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
    if (!(await isReady(child, words))) return undefined;
    return {
      gone: () => child.exitCode !== null || child.signalCode !== null,
      close: async () => {
        const stays = hears(child, STAYS);
        child.stdin?.end();
        await Promise.race([ended, stays]);
        // A server that stays must not keep this command running.
        child.unref();
        child.stdout?.destroy();
      },
    };
  } finally {
    closeSync(words);
  }
}

/**
 * An unnamed file for the server's diagnostics: the user sees them only if the start fails, and a server that outlives
 * this command can continue to write.
 */
function openWords(): number {
  const path = join(tmpdir(), `slipway-serve-${process.pid}-${performance.now()}`);
  const file = openSync(path, 'ax+', 0o600);
  unlinkSync(path);
  return file;
}

/** Waits for the ready line; false if another server has the data folder. */
function isReady(child: ChildProcess, words: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const onClose = (code: number | null) => {
      if (code === TAKEN_EXIT_CODE) resolve(false);
      else reject(startFailure(code, endOf(words)));
    };
    child.once('close', onClose);
    child.once('error', (cause) => reject(new CliError(EXIT_CODES.machine, 'the server cannot be started', { cause })));
    void hears(child, READY).then(() => {
      child.off('close', onClose);
      resolve(true);
    });
  });
}

function startFailure(code: number | null, words: string): CliError {
  const own = words.split('\n').filter((line) => !line.startsWith('{'));
  const message = own
    .join('\n')
    .replaceAll(/^slipway: /gm, '')
    .trim();
  const exitCode = code === EXIT_CODES.usage ? EXIT_CODES.usage : EXIT_CODES.machine;
  return new CliError(exitCode, message || `the server ended with exit code ${code}`);
}

/** Resolves when the server has printed a line on its standard output. */
function hears(child: ChildProcess, text: string): Promise<void> {
  return new Promise((resolve) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      if (chunk.includes(text)) resolve();
    });
  });
}

function endOf(file: number): string {
  const { size } = fstatSync(file);
  const bytes = Buffer.alloc(Math.min(size, WORDS_LIMIT_BYTES));
  readSync(file, bytes, 0, bytes.length, size - bytes.length);
  return bytes.toString();
}
