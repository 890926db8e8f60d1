import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CliError, EXIT_CODES } from './cli-error.ts';

/** A server that runs for the length of one command. */
export interface EmbeddedServer {
  close(): Promise<void>;
}

const LAUNCHER = join(import.meta.dirname, '..', '..', 'slipway');

/**
 * Starts a server on a free port of this machine. It ends when its standard input closes: also when this command is
 * killed. Throws `CliError` with the server's own words.
 */
export async function startEmbeddedServer(dataFolder: string): Promise<EmbeddedServer> {
  if (process.platform !== 'linux' || !existsSync(LAUNCHER))
    throw new CliError(
      EXIT_CODES.usage,
      'the server runs on Linux only; name one with --endpoint or SLIPWAY_ENDPOINT, with SLIPWAY_ACCESS_KEY_ID and SLIPWAY_ACCESS_KEY_SECRET',
    );
  const args = ['serve', '--data', dataFolder, '--listen', '127.0.0.1:0', '--embedded', 'true'];
  // A group of its own: Ctrl-C at the terminal cancels the build, and the server must live to see it through.
  const child = spawn(LAUNCHER, args, { stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  await ready(child);
  return {
    close: async () => {
      child.stdin?.end();
      await ended;
    },
  };
}

/** Waits for the ready line. Diagnostics are kept back: they are the user's business only if the start fails. */
function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let words = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      words = (words + chunk.toString()).slice(-8192);
    });
    child.stdout?.on('data', (chunk: Buffer) => {
      if (chunk.includes('slipway listening on')) resolve();
    });
    child.once('error', (cause) => reject(new CliError(EXIT_CODES.machine, 'the server cannot be started', { cause })));
    child.once('close', (code) => {
      const own = words.split('\n').filter((line) => !line.startsWith('{'));
      const message = own
        .join('\n')
        .replaceAll(/^slipway: /gm, '')
        .trim();
      const exitCode = code === EXIT_CODES.usage ? EXIT_CODES.usage : EXIT_CODES.machine;
      reject(new CliError(exitCode, message || `the server ended with exit code ${code}`));
    });
  });
}
