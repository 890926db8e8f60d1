import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { startProgram } from '@slipway/logbook/start-program.ts';

/** What to run and where its output goes. */
export interface Program {
  command: string;
  args: readonly string[];
  cwd: string;
  env: Record<string, string>;
  signal: AbortSignal;
  /** Fed to standard input, which is closed afterwards. */
  input?: Readable;
  /** Gets standard output; by default it goes where standard error goes. */
  onStdout?: (chunk: Buffer) => void | Promise<void>;
  onOutput: (chunk: Buffer) => void | Promise<void>;
  /**
   * Neither its arguments nor its environment are secret, and it starts no others: a shell forks for the server, which does not
   * stop for that (docs/decisions/0018-a-small-shell-forks-for-the-server.md).
   */
  isPlain?: boolean;
}

type Started = { stdin: Writable; stdout: Readable; stderr: Readable; closed: Promise<number>; kill(): void };

/**
 * Runs a program as the server's own user and never as more, in a process group that dies with the server or with `signal`.
 * Resolves with its exit code, 128 + n for signal n as shells say; rejects with the signal's reason once aborted.
 */
export async function runProgram(program: Program): Promise<number> {
  program.signal.throwIfAborted();
  const child = program.isPlain ? await startPlain(program) : fork(program);
  const kill = () => child.kill();
  program.signal.addEventListener('abort', kill, { once: true });
  if (program.signal.aborted) kill();
  try {
    const [code] = await Promise.all([
      child.closed,
      consume(child.stdout, program.onStdout ?? program.onOutput),
      consume(child.stderr, program.onOutput),
      feed(child.stdin, program.input),
    ]);
    program.signal.throwIfAborted();
    return code;
  } catch (error) {
    kill();
    program.signal.throwIfAborted();
    throw new Error(`run ${program.command}`, { cause: error });
  } finally {
    program.signal.removeEventListener('abort', kill);
  }
}

// Without --no-new-privs a program with a set-group-ID bit, as ssh-agent has one, would outlive the server.
const GUARD = ['--no-new-privs', '--pdeathsig', 'KILL', '--'];

function startPlain({ command, args, cwd, env }: Program): Promise<Started> {
  return startProgram({ command: 'setpriv', args: [...GUARD, command, ...args], environment: env, folder: cwd });
}

function fork({ command, args, cwd, env }: Program): Started {
  const child = spawn('setpriv', [...GUARD, command, ...args], {
    cwd,
    env,
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  const { stdin, stdout, stderr } = child;
  return { stdin, stdout, stderr, closed: exitCode(child), kill: () => killGroup(child) };
}

async function consume(stream: Readable, onChunk: (chunk: Buffer) => void | Promise<void>): Promise<void> {
  for await (const chunk of stream) await onChunk(chunk);
}

async function feed(stdin: Writable, input: Readable | undefined): Promise<void> {
  if (!input) {
    stdin.end();
    return finished(stdin, { readable: false }).catch(ignoreClosedPipe);
  }
  await pipeline(input, stdin).catch(ignoreClosedPipe);
}

/** A program that ends before it has read everything says why by its exit code. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
}

function exitCode(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? 128 + (signal === 'SIGKILL' ? 9 : 15)));
  });
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
