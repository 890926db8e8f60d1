import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type StartedProgram, startProgram } from '@slipway/program';

/*
 * Work on text that a tenant sent, whose cost cannot be known in advance. Small inputs are handled in-process. Larger ones go
 * to a separate process, which is killed at its limits. A thread would not do, because a full heap ends all threads
 * (docs/decisions/0021-text-costs-what-it-is-long.md). Node's permissions keep the process from files and programs; they bind
 * its JavaScript, not machine code that an attacker got to run, so no task parses with a native library
 * (docs/decisions/0043-databases-of-images-are-read-without-sqlite.md). The process reads tasks and writes answers, each as one
 * line of JSON. A text received as bytes is passed on as bytes: turning 25 MB into a string, and that into JSON, would block the
 * server's thread for too long.
 */

/** A function over JSON values, and the module from which another process can import it. It may give a promise. */
export interface ConfinedTask<Input, Output> {
  /** `import.meta.url` of the module that exports it. */
  readonly module: string;
  readonly run: (input: Input) => Output;
}

/** What one task may use. */
export interface ConfinedLimits {
  /** Inputs with fewer characters of JSON, and texts with fewer bytes, are handled in-process. */
  readonly inlineChars: number;
  readonly processorMs: number;
  /** The longest wait for a task, even if it gets little CPU time. */
  readonly waitMs: number;
  readonly heapMebibytes: number;
  readonly replyBytes: number;
}

/** The files and folders that a task may use besides the server's code, which it may only read. */
export interface ConfinedAccess {
  readonly reads?: readonly string[];
  readonly writes?: readonly string[];
}

/** A task reached a limit. The message names it and can end a sentence: `it took more than …`. */
export class ConfinedWorkExhausted extends Error {
  override readonly name = 'ConfinedWorkExhausted';
}

const LIMITS: ConfinedLimits = {
  inlineChars: 16 * 1024,
  processorMs: 5_000,
  waitMs: 120_000,
  heapMebibytes: 256,
  replyBytes: 16 * 1024 * 1024,
};
/** What a Node process needs in addition to its heap. */
const OFF_HEAP_MEBIBYTES = 128;
const PAGE_BYTES = 4096;
const CHECK_INTERVAL_MS = 25;
/** Exit codes for SIGABRT, with which Node ends when its heap is full, and SIGKILL, with which the kernel frees memory. */
const OUT_OF_MEMORY_CODES = [134, 137];
const PROCESS_FILE = join(import.meta.dirname, 'confined-process.ts');
const CODE_FOLDERS = ['server', 'logbook', 'program', 'node_modules'].map((name) =>
  join(import.meta.dirname, '../../..', name),
);
const STDERR_KEPT_CHARS = 1000;

/** Runs the tasks of one build or one request, one after another. `close` ends its process, if it started one. */
export class ConfinedWork implements AsyncDisposable {
  readonly #limits: ConfinedLimits;
  readonly #access: ConfinedAccess;
  #process: ConfinedProcess | undefined;

  constructor(limits: Partial<ConfinedLimits> = {}, access: ConfinedAccess = {}) {
    this.#limits = { ...LIMITS, ...limits };
    this.#access = access;
  }

  /** Throws `ConfinedWorkExhausted` if the task reaches a limit, and whatever the task throws. */
  async run<Input, Output>(task: ConfinedTask<Input, Output>, input: Input): Promise<Awaited<Output>> {
    const text = JSON.stringify(input);
    if (text.length < this.#limits.inlineChars) return await task.run(input);
    return (await this.#ask(task, `"input":${text}`)) as Awaited<Output>;
  }

  /** Like `run`, for a text received as bytes. Invalid UTF-8 is read as U+FFFD. */
  async runText<Output>(task: ConfinedTask<string, Output>, text: Buffer): Promise<Output> {
    if (text.length < this.#limits.inlineChars) return task.run(text.toString());
    return (await this.#ask(task, `"textBytes":${text.length}`, text)) as Output;
  }

  async #ask({ module, run }: ConfinedTask<never, unknown>, input: string, text?: Buffer): Promise<unknown> {
    this.#process ??= await ConfinedProcess.start(this.#limits, this.#access);
    const line = `{"module":${JSON.stringify(module)},"name":${JSON.stringify(run.name)},${input}}\n`;
    try {
      return await this.#process.ask(line, text);
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    const ended = this.#process?.end();
    this.#process = undefined;
    await ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

class ConfinedProcess {
  readonly #program: StartedProgram;
  readonly #limits: ConfinedLimits;
  #reply: Buffer[] = [];
  #replyBytes = 0;
  #stderr = '';
  #waiting: PromiseWithResolvers<unknown> | undefined;

  static async start(limits: ConfinedLimits, { reads = [], writes = [] }: ConfinedAccess): Promise<ConfinedProcess> {
    const args = [
      ...[`--max-old-space-size=${limits.heapMebibytes}`, '--max-semi-space-size=8'],
      // It starts no programs and threads either, and loads no native code.
      '--permission',
      ...[...CODE_FOLDERS, ...reads].map((path) => `--allow-fs-read=${path}`),
      ...writes.map((path) => `--allow-fs-write=${path}`),
      PROCESS_FILE,
    ];
    return new ConfinedProcess(await startProgram({ command: process.execPath, args, environment: {} }), limits);
  }

  private constructor(program: StartedProgram, limits: ConfinedLimits) {
    this.#program = program;
    this.#limits = limits;
    program.stdin.on('error', () => undefined);
    program.stdout.on('data', (chunk: Buffer) => this.#note(chunk));
    program.stderr.on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString()).slice(-STDERR_KEPT_CHARS);
    });
    program.closed.then(
      (code) => this.#fail(this.#endOf(code)),
      (error: Error) => this.#fail(error),
    );
  }

  /** Sends a line, and the text that follows it, and returns the answer. */
  async ask(line: string, text: Buffer | undefined): Promise<unknown> {
    const waiting = Promise.withResolvers<unknown>();
    this.#waiting = waiting;
    const forget = this.#watch();
    this.#program.stdin.write(line);
    if (text !== undefined) this.#program.stdin.write(text);
    try {
      return await waiting.promise;
    } finally {
      forget();
      this.#waiting = undefined;
    }
  }

  async end(): Promise<void> {
    this.#program.kill();
    await this.#program.closed.catch(() => undefined);
  }

  /** Kills the process when it reaches a limit. */
  #watch(): () => void {
    const { processorMs, waitMs, heapMebibytes } = this.#limits;
    const [startMs, usedBeforeMs] = [performance.now(), this.#program.processorMs() ?? 0];
    const look = () => {
      const usedMs = (this.#program.processorMs() ?? 0) - usedBeforeMs;
      if (usedMs > processorMs) this.#kill(`it took more than ${processorMs / 1000} seconds of CPU time`);
      else if (residentMebibytes(this.#program.pid) > heapMebibytes + OFF_HEAP_MEBIBYTES)
        this.#kill(this.#memoryMessage);
      else if (performance.now() - startMs > waitMs) this.#kill(`it took more than ${waitMs / 1000} seconds`);
    };
    const timer = setInterval(look, CHECK_INTERVAL_MS);
    return () => clearInterval(timer);
  }

  #kill(message: string): void {
    this.#fail(new ConfinedWorkExhausted(message));
    this.#program.kill();
  }

  #note(chunk: Buffer): void {
    this.#replyBytes += chunk.length;
    if (this.#replyBytes > this.#limits.replyBytes) {
      this.#kill(`its result was larger than ${this.#limits.replyBytes} bytes`);
      return;
    }
    this.#reply.push(chunk);
    if (chunk.at(-1) !== LF) return;
    const { output, error } = JSON.parse(Buffer.concat(this.#reply).toString()) as { output?: unknown; error?: string };
    [this.#reply, this.#replyBytes] = [[], 0];
    if (error === undefined) this.#waiting?.resolve(output);
    else this.#fail(new Error(error));
  }

  get #memoryMessage(): string {
    return `it needed more than ${this.#limits.heapMebibytes} MiB of memory`;
  }

  #endOf(code: number): Error {
    if (OUT_OF_MEMORY_CODES.includes(code)) return new ConfinedWorkExhausted(this.#memoryMessage);
    return new Error(`the process for a tenant's text ended with ${code}: ${this.#stderr.trim()}`);
  }

  #fail(error: Error): void {
    this.#waiting?.reject(error);
  }
}

const LF = 0x0a;

function residentMebibytes(pid: number): number {
  try {
    return (Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]) * PAGE_BYTES) / 2 ** 20;
  } catch {
    // It has ended.
    return 0;
  }
}
