import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { RunLine } from './command-lines.ts';

const LINES = join(import.meta.dirname, 'command-lines.ts');
const OUTPUT_LIMIT_BYTES = 2 ** 26;

/** Where the commands run: their server, and their variables. */
export interface LinesPlace {
  readonly endpoint?: string;
  readonly accessKeyId?: string;
  readonly accessKeySecret?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs command lines of `slipway`, one after another in one process. Words are separated by spaces, or given as a list. */
export async function runLines(place: LinesPlace, lines: readonly (string | readonly string[])[]): Promise<RunLine[]> {
  const kept = Object.entries(process.env).filter(([name]) => !/^(SLIPWAY_|NODE_TEST)/.test(name));
  const named = {
    SLIPWAY_ENDPOINT: place.endpoint ?? '',
    SLIPWAY_ACCESS_KEY_ID: place.accessKeyId ?? '',
    SLIPWAY_ACCESS_KEY_SECRET: place.accessKeySecret ?? '',
    ...place.env,
  };
  const args = JSON.stringify(lines.map((line) => (typeof line === 'string' ? line.split(' ') : line)));
  const { stdout } = await promisify(execFile)(process.execPath, [LINES, args], {
    env: { ...Object.fromEntries(kept), ...named },
    maxBuffer: OUTPUT_LIMIT_BYTES,
  });
  return JSON.parse(stdout) as RunLine[];
}

/** The results of lines that must succeed. Throws at the first that does not. */
export function succeeded(results: readonly RunLine[]): readonly RunLine[] {
  const failed = results.find(({ code }) => code !== 0);
  if (failed === undefined) return results;
  throw new Error(`slipway ${failed.line} ended with ${failed.code}: ${failed.stderr}`);
}

/** The documents that a command with `--json` printed, one per line. */
export function documentsOf({ stdout }: RunLine): Record<string, unknown>[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
