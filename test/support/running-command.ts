import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { atEnd, cleanEnvironment, LAUNCHER, textOf } from './slipway.ts';

/** A `./slipway` command that runs in parallel to the test, and ends with it. */
export interface RunningCommand {
  child: ChildProcess;
  stdout(): string;
  stderr(): string;
  exitCode: Promise<number | null>;
  /** Resolves when the text has been printed. */
  printed(text: string): Promise<void>;
}

/** Starts `./slipway ARGS` as a separate process. */
export function runCommand(t: TestContext, args: readonly string[]): RunningCommand {
  const child = spawn(LAUNCHER, args, { env: cleanEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] });
  const exitCode = once(child, 'close').then(([code]) => code as number | null);
  atEnd(t, async () => {
    child.kill('SIGKILL');
    await exitCode;
  });
  const text = textOf(child);
  const printed = async (expected: string): Promise<void> => {
    while (!text.stdout.includes(expected)) {
      const ended = await Promise.race([once(child.stdout, 'data').then(() => undefined), exitCode]);
      if (ended !== undefined)
        throw new Error(`${args[0]} ended with ${ended} before ${JSON.stringify(expected)}: ${text.stderr}`);
    }
  };
  return { child, stdout: () => text.stdout, stderr: () => text.stderr, exitCode, printed };
}
