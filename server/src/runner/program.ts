import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';

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
}

/**
 * Runs a program as the server's own user and never as more, in a process group that dies with the server or with `signal`.
 * Resolves with its exit code, 128 + n for signal n as shells say; rejects with the signal's reason once aborted.
 */
export async function runProgram(program: Program): Promise<number> {
  program.signal.throwIfAborted();
  // Without --no-new-privs a program with a set-group-ID bit, as ssh-agent has one, would outlive the server.
  const guard = ['--no-new-privs', '--pdeathsig', 'KILL', '--'];
  const child = spawn('setpriv', [...guard, program.command, ...program.args], {
    cwd: program.cwd,
    env: program.env,
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  const kill = () => killGroup(child);
  program.signal.addEventListener('abort', kill, { once: true });
  try {
    const [code] = await Promise.all([
      exitCode(child),
      consume(child.stdout, program.onStdout ?? program.onOutput),
      consume(child.stderr, program.onOutput),
      feed(child, program.input),
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

async function consume(stream: Readable, onChunk: (chunk: Buffer) => void | Promise<void>): Promise<void> {
  for await (const chunk of stream) await onChunk(chunk);
}

async function feed(child: ChildProcess, input: Readable | undefined): Promise<void> {
  if (!child.stdin) return;
  if (!input) {
    child.stdin.end();
    return finished(child.stdin, { readable: false }).catch(ignoreClosedPipe);
  }
  await pipeline(input, child.stdin).catch(ignoreClosedPipe);
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
