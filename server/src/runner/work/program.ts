import type { Readable, Writable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import type { ProgramToStart, StartedProgram } from '@slipway/program';

/** Starts a program in the workplace of one build (workplace.ts). */
export type StartProgram = (program: ProgramToStart) => Promise<StartedProgram>;

/** What to run and where its output goes. */
export interface Program {
  command: string;
  args: readonly string[];
  cwd: string;
  env: Record<string, string>;
  start: StartProgram;
  /** If a program would write more than this to one file, the write fails as too large. */
  largestFileBytes?: number;
  signal: AbortSignal;
  /** Written to standard input, which is then closed. */
  input?: Readable;
  /** Receives standard output; by default it goes to the same place as standard error. */
  onStdout?: (chunk: Buffer) => void | Promise<void>;
  onOutput: (chunk: Buffer) => void | Promise<void>;
}

/**
 * Runs a program as the server's own user, without extra rights, in a process group that dies with `signal`. Resolves
 * with its exit code (128 + n for signal n, as in shells); rejects with the signal's reason once aborted.
 */
export async function runProgram(program: Program): Promise<number> {
  const { command, args, cwd, env, signal } = program;
  signal.throwIfAborted();
  const [first = '', ...rest] = [...guard(program), command, ...args];
  const child = await program.start({ command: first, args: rest, environment: env, folder: cwd });
  const kill = () => killGroup(child);
  signal.addEventListener('abort', kill, { once: true });
  if (signal.aborted) kill();
  try {
    const [code] = await Promise.all([
      child.closed,
      consume(child.stdout, program.onStdout ?? program.onOutput),
      consume(child.stderr, program.onOutput),
      feed(child.stdin, program.input),
    ]);
    signal.throwIfAborted();
    return code;
  } catch (error) {
    kill();
    signal.throwIfAborted();
    throw new Error(`run ${command}`, { cause: error });
  } finally {
    signal.removeEventListener('abort', kill);
  }
}

/**
 * Its own process group. Without --no-new-privs, a program with a set-group-ID bit, such as ssh-agent, would outlive
 * the server.
 */
function guard({ largestFileBytes }: Program): string[] {
  const limits = largestFileBytes === undefined ? [] : [...SAYS_SO, 'prlimit', `--fsize=${largestFileBytes}`];
  return ['setsid', ...limits, 'setpriv', '--no-new-privs', '--pdeathsig', 'KILL', '--'];
}

// Otherwise the kernel kills it silently.
const SAYS_SO = ['env', '--ignore-signal=XFSZ'];

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

/** If a program ends before it has read everything, its exit code says why. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
}

/** Also kills the processes that it started, even if it ended before them. */
function killGroup(child: StartedProgram): void {
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
  child.kill();
}
