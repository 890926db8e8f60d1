import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';

/** One thing that an installation does. */
export interface Step {
  /** What it does, for people: `link /opt/slipway/current to 0.1.0`. */
  readonly text: string;
  act(): void;
}

/** Whether systemd runs this machine. */
export function hasSystemd(): boolean {
  return existsSync('/run/systemd/system');
}

/** How a program is run, and where a person sees why it failed. */
interface ToolOptions {
  readonly cwd?: string;
  readonly why?: string;
}

/** Runs a program; its output goes to standard error. Throws `CliError` if it fails. */
export function runTool(program: string, args: readonly string[], { cwd, why }: ToolOptions = {}): void {
  try {
    execFileSync(program, args, { stdio: ['ignore', 2, 2], ...(cwd === undefined ? {} : { cwd }) });
  } catch (error) {
    throw new CliError(EXIT_CODES.machine, `${program} ${args.join(' ')} failed; ${why ?? 'see its message above'}`, {
      cause: error,
    });
  }
}
