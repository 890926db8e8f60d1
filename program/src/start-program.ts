import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  NotBegun,
  ProgramStarter,
  type ProgramToStart,
  type StartedProgram,
  type StarterShell,
} from './program-starter.ts';

export type { ProgramStarter, ProgramToStart, StartedProgram } from './program-starter.ts';

/*
 * A fork pauses the forking process while its page tables are copied: a server of some hundred megabytes, for tens of
 * milliseconds. So one small shell forks for it, also for the shells of other starters.
 */

/** Where a shell finds the programs that it needs itself. */
const SHELL_ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin' };

let first: ProgramStarter | undefined;

/** Starts the shell while this process is small; otherwise the first program waits for it. */
export function prepareToStart(): void {
  first ??= new ProgramStarter(forkShell(), (ended) => {
    if (first === ended) first = undefined;
  });
}

/**
 * Starts a program without forking this process. The program is killed when this process ends, unless it left its
 * process group. A command that cannot be run ends with code 126 or 127 and a message, as in shells. Throws if nothing
 * can be started.
 */
export async function startProgram(program: ProgramToStart): Promise<StartedProgram> {
  try {
    return await startOnce(program);
  } catch (error) {
    if (!(error instanceof NotBegun)) throw error;
    return startOnce(program);
  }
}

/**
 * Another shell, for programs that share something that ends with it: a control group that the shell entered before it
 * starts the first of them, or secrets in their environment. Throws if nothing can be started.
 */
export async function openStarter(): Promise<ProgramStarter> {
  const folder = privateFolder();
  // A process group of its own, so its programs end with it.
  const shell = { command: 'setsid', args: ['/bin/sh'], environment: SHELL_ENVIRONMENT, folder };
  const { pid, stdin, stdout, stderr, kill, ended, closed } = await startProgram(shell);
  const noCause = () => undefined;
  const ends = { exited: ended.then(noCause, noCause), closed: closed.catch(noCause) };
  return new ProgramStarter({ folder, pid, stdin, stdout, stderr, kill, ...ends });
}

async function startOnce(program: ProgramToStart): Promise<StartedProgram> {
  prepareToStart();
  if (first === undefined) throw new Error(`start ${program.command}: there is no shell`);
  return first.start(program);
}

function forkShell(): StarterShell {
  const folder = privateFolder();
  // A process group of its own: its programs end with it, and a terminal's Ctrl-C does not reach it.
  const child = spawn('/bin/sh', [], { cwd: folder, env: SHELL_ENVIRONMENT, detached: true });
  child.unref();
  const [stdin, stdout, stderr] = [child.stdin, child.stdout, child.stderr] as (Socket | null)[];
  return {
    folder,
    pid: child.pid,
    stdin: stdin ?? null,
    stdout: stdout ?? null,
    stderr: stderr ?? null,
    kill: () => void child.kill('SIGKILL'),
    exited: new Promise((resolve) => {
      child.once('error', resolve);
      child.once('exit', () => resolve(undefined));
    }),
    closed: new Promise((resolve) => child.once('close', resolve)),
  };
}

function privateFolder(): string {
  return mkdtempSync(join(tmpdir(), 'slipway-programs-'));
}
