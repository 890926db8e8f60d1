import { constants, openSync, readFileSync, rmSync, unlinkSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';

/*
 * The protocol between a shell and this process. The shell reads commands. A program's standard streams are named pipes, whose
 * names are removed as soon as both sides have opened them. The shell answers in lines: `ID ready` (the pipes exist),
 * `ID started PID`, `ID ended CODE`.
 */

/** What to run. */
export interface ProgramToStart {
  /** Its name or path. */
  command: string;
  args: readonly string[];
  /** Its whole environment. */
  environment: Readonly<Record<string, string>>;
  /** Its working directory; the root by default. */
  folder?: string;
}

/** A program that is running or has run. */
export interface StartedProgram {
  pid: number;
  stdin: Socket;
  stdout: Socket;
  stderr: Socket;
  /** Its exit code (128 + n for signal n), once it has ended and its output was read. Rejects if that is unknown. */
  closed: Promise<number>;
  /** The same, but does not wait for its output, which a program that it started may keep open. */
  ended: Promise<number>;
  hasEnded(): boolean;
  /** Kills it, unless it has ended. */
  kill(): void;
  /** CPU time so far; undefined if the system does not report it. */
  processorMs(): number | undefined;
}

/** A shell, running or not, in a private folder. */
export interface StarterShell {
  folder: string;
  pid: number | undefined;
  stdin: Socket | null;
  stdout: Socket | null;
  stderr: Socket | null;
  kill(): void;
  /** Why it could not start, or undefined when it has ended. */
  exited: Promise<Error | undefined>;
  /** Resolves when its pipes are closed too. */
  closed: Promise<unknown>;
}

const FUNCTIONS = join(import.meta.dirname, 'start-program.sh');
const KEPT_WORDS_CHARS = 1000;
/** Linux reports CPU time to programs in hundredths of a second, independent of the kernel's configuration. */
const TICK_MS = 10;

/** The pipes for a program could not be created. Another shell has another folder for them. */
export class NotBegun extends Error {}

interface ProgramRun {
  streams?: Pick<StartedProgram, 'stdin' | 'stdout' | 'stderr'>;
  pid?: number;
  hasEnded: boolean;
  started: PromiseWithResolvers<StartedProgram>;
  ended: PromiseWithResolvers<number>;
}

/** Starts programs by a shell, which forks for this process. They end with the shell unless they left its process group. */
export class ProgramStarter {
  readonly #shell: StarterShell;
  readonly #over: (ended: ProgramStarter) => void;
  readonly #runs = new Map<string, ProgramRun>();
  #lastId = 0;
  #words = '';
  #isUseless = false;

  /** Calls `over`, at least once, when it can start nothing more. */
  constructor(shell: StarterShell, over: (ended: ProgramStarter) => void = () => undefined) {
    this.#shell = shell;
    this.#over = over;
    const { stdin, stdout, stderr } = shell;
    void shell.exited.then((cause) => {
      if (cause !== undefined) return this.#end(cause);
      this.#over(this);
      // The pipes of its programs.
      this.#killAll();
    });
    void shell.closed.then(() => this.#end());
    stdin?.on('error', () => shell.kill());
    stderr?.on('data', (chunk: Buffer) => {
      this.#words = (this.#words + chunk.toString()).slice(-KEPT_WORDS_CHARS);
    });
    if (stdout) createInterface({ input: stdout }).on('line', (line) => this.#note(line));
    stdin?.write(`. ${quoted(FUNCTIONS)}\n`);
    // None of its pipes keeps this process alive.
    for (const pipe of [stdin, stdout, stderr]) pipe?.unref();
  }

  /** The process id of the shell. */
  get pid(): number | undefined {
    return this.#shell.pid;
  }

  /** Throws `NotBegun` if its pipes cannot be created. */
  start({ command, args, environment, folder = '/' }: ProgramToStart): Promise<StartedProgram> {
    const exports = Object.entries(environment)
      .map(([name, value]) => `export ${name}=${quoted(value)}; `)
      .join('');
    const words = [folder, exports, command, ...args];
    if (words.some((word) => word.includes('\0'))) throw new Error(`start ${command}: an argument contains a NUL`);
    this.#lastId += 1;
    const id = String(this.#lastId);
    const run: ProgramRun = { hasEnded: false, started: Promise.withResolvers(), ended: Promise.withResolvers() };
    // A caller that gave up does not wait for the end.
    run.ended.promise.catch(() => undefined);
    this.#runs.set(id, run);
    this.#shell.stdout?.ref();
    this.#shell.stdin?.write(`start ${id} ${words.map(quoted).join(' ')}\n`);
    return run.started.promise;
  }

  #note(line: string): void {
    const [id = '', what, value] = line.split(' ');
    const run = this.#runs.get(id);
    if (run === undefined) return;
    try {
      if (what === 'ready') this.#openPipes(id, run);
      if (what === 'started') this.#noteStart(id, run, Number(value));
    } catch (error) {
      run.started.reject(error);
      // Its subshell waits for what cannot come, for example because this process has too many open files.
      this.#over(this);
      this.#shell.kill();
    }
    if (what !== 'ended') return;
    run.streams?.stdin.destroy();
    if (run.streams === undefined) {
      // A job that cleans up old files may have removed the folder.
      this.#isUseless = true;
      this.#over(this);
    }
    run.started.reject(new NotBegun(`start a program: ${this.#words.trim()}`));
    run.ended.resolve(Number(value));
    this.#forget(id, run);
  }

  #forget(id: string, run: ProgramRun): void {
    run.hasEnded = true;
    this.#runs.delete(id);
    if (this.#runs.size > 0) return;
    this.#shell.stdout?.unref();
    if (this.#isUseless) this.#shell.stdin?.end();
  }

  /** The process of the shell that waited for a program ended without its exit code. */
  #lose(id: string, run: ProgramRun): void {
    if (run.pid !== undefined) killIfThere(run.pid);
    failRun(run, this.#endedError());
    this.#forget(id, run);
  }

  /** Opening an end does not block: the shell has opened both. */
  #openPipes(id: string, run: ProgramRun): void {
    const opened: Socket[] = [];
    const open = (name: string, mode: number) => {
      const fd = openSync(join(this.#shell.folder, `${id}.${name}`), mode | O_NONBLOCK);
      const socket = new Socket({ fd, readable: mode === O_RDONLY, writable: mode === O_WRONLY });
      opened.push(socket);
      return socket;
    };
    try {
      const [stdout, stderr, stdin] = [open('out', O_RDONLY), open('err', O_RDONLY), open('in', O_WRONLY)];
      let code = '';
      open('end', O_RDONLY)
        .setEncoding('latin1')
        .on('data', (text: string) => {
          code += text;
        })
        .on('close', () => {
          if (!run.hasEnded) code === '' ? this.#lose(id, run) : this.#note(`${id} ended ${code}`);
        });
      // The shell waits for it, so that it closes its ends only when ours are open.
      stdin.write('\n');
      run.streams = { stdin, stdout, stderr };
    } catch (error) {
      for (const socket of opened) socket.destroy();
      throw error;
    }
  }

  #noteStart(id: string, run: ProgramRun, pid: number): void {
    run.pid = pid;
    for (const name of ['in', 'out', 'err', 'end']) unlinkSync(join(this.#shell.folder, `${id}.${name}`));
    if (run.streams === undefined) return;
    const { stdout, stderr } = run.streams;
    const read = [stdout, stderr].map((stream) => finished(stream, { writable: false }).catch(() => undefined));
    const closed = Promise.all([run.ended.promise, ...read]).then(([code]) => code);
    closed.catch(() => undefined);
    run.started.resolve({
      ...run.streams,
      pid,
      closed,
      ended: run.ended.promise,
      hasEnded: () => run.hasEnded,
      kill: () => {
        if (!run.hasEnded) killIfThere(pid);
      },
      processorMs: () => processorMs(pid),
    });
  }

  /** Ends the shell and its programs. */
  close(): void {
    this.#shell.stdin?.end();
  }

  #killAll(): void {
    if (this.#shell.pid !== undefined) killIfThere(-this.#shell.pid);
  }

  #end(cause?: Error): void {
    this.#over(this);
    this.#killAll();
    rmSync(this.#shell.folder, { recursive: true, force: true });
    for (const run of this.#runs.values()) failRun(run, this.#endedError(cause));
    this.#runs.clear();
  }

  #endedError(cause?: Error): Error {
    return new Error(`the shell that starts programs ended: ${this.#words.trim()}`, { cause });
  }
}

function failRun(run: ProgramRun, error: Error): void {
  run.hasEnded = true;
  for (const stream of Object.values(run.streams ?? {})) stream.destroy();
  run.started.reject(error);
  run.ended.reject(error);
}

const { O_NONBLOCK, O_RDONLY, O_WRONLY } = constants;

/** Quotes any text as a word of a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function processorMs(pid: number): number | undefined {
  try {
    // The name, in parentheses, may contain anything; user and system time are fields 14 and 15.
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  } catch {
    return undefined;
  }
}
