import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type StartedProgram, startProgram } from '@slipway/program';

/*
 * Work on text that a tenant sent, where nobody knows beforehand what it costs. Up to a small size it is done at once; beyond
 * that in a process of its own, which is killed at its limits: a thread cannot be, since a heap that is full ends all
 * threads (docs/decisions/0021-text-costs-its-length.md). The process reads tasks, one a line of JSON, and answers so. A text that came
 * as bytes goes on as bytes: the server's thread would take longer to make a string of 25 MB, and JSON of that, than others may wait.
 */

/** A pure function of JSON values, and where another process finds it. */
export interface ConfinedTask<Input, Output> {
  /** `import.meta.url` of the module that exports it. */
  readonly module: string;
  readonly run: (input: Input) => Output;
}

/** What one task may take. */
export interface ConfinedLimits {
  /** Inputs of fewer characters of JSON, and texts of fewer bytes, are worked on at once. */
  readonly inlineChars: number;
  readonly processorMs: number;
  readonly heapMebibytes: number;
  readonly replyBytes: number;
}

/** A task came to a limit; the message names it, as the end of a sentence: `it took more than …`. */
export class ConfinedWorkExhausted extends Error {
  override readonly name = 'ConfinedWorkExhausted';
}

const LIMITS: ConfinedLimits = {
  inlineChars: 16 * 1024,
  processorMs: 5_000,
  heapMebibytes: 256,
  replyBytes: 16 * 1024 * 1024,
};
/** What a process of Node takes beside its heap. */
const BESIDE_HEAP_MEBIBYTES = 128;
const PAGE_BYTES = 4096;
const LOOK_AGAIN_MS = 25;
/** It is not waited for longer, however little of the processor it gets. */
const WAIT_LIMIT_MS = 120_000;
/** How shells tell of SIGABRT, by which Node ends at a full heap, and of SIGKILL, by which the kernel frees memory. */
const OUT_OF_MEMORY_CODES = [134, 137];
const PROCESS_FILE = join(import.meta.dirname, 'confined-process.ts');
const WORDS_KEPT_CHARS = 1000;

/** Does the tasks of one build or one request, one after the other; its process, if there is one, ends with `close`. */
export class ConfinedWork implements AsyncDisposable {
  readonly #limits: ConfinedLimits;
  #process: ConfinedProcess | undefined;

  constructor(limits: Partial<ConfinedLimits> = {}) {
    this.#limits = { ...LIMITS, ...limits };
  }

  /** Throws `ConfinedWorkExhausted` where the task comes to a limit, and what the task throws. */
  async run<Input, Output>(task: ConfinedTask<Input, Output>, input: Input): Promise<Output> {
    const text = JSON.stringify(input);
    if (text.length < this.#limits.inlineChars) return task.run(input);
    return (await this.#ask(task, `"input":${text}`)) as Output;
  }

  /** The same for a text that came as bytes; what is no UTF-8 is read as U+FFFD. */
  async runText<Output>(task: ConfinedTask<string, Output>, text: Buffer): Promise<Output> {
    if (text.length < this.#limits.inlineChars) return task.run(text.toString());
    return (await this.#ask(task, `"textBytes":${text.length}`, text)) as Output;
  }

  async #ask({ module, run }: ConfinedTask<never, unknown>, input: string, text?: Buffer): Promise<unknown> {
    this.#process ??= await ConfinedProcess.start(this.#limits);
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
  #words = '';
  #waiting: PromiseWithResolvers<unknown> | undefined;

  static async start(limits: ConfinedLimits): Promise<ConfinedProcess> {
    const args = [`--max-old-space-size=${limits.heapMebibytes}`, '--max-semi-space-size=8', PROCESS_FILE];
    return new ConfinedProcess(await startProgram({ command: process.execPath, args, environment: {} }), limits);
  }

  private constructor(program: StartedProgram, limits: ConfinedLimits) {
    this.#program = program;
    this.#limits = limits;
    program.stdin.on('error', () => undefined);
    program.stdout.on('data', (chunk: Buffer) => this.#note(chunk));
    program.stderr.on('data', (chunk: Buffer) => {
      this.#words = (this.#words + chunk.toString()).slice(-WORDS_KEPT_CHARS);
    });
    program.closed.then(
      (code) => this.#fail(this.#endOf(code)),
      (error: Error) => this.#fail(error),
    );
  }

  /** What it answers to a line, and to the text behind it. */
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

  /** Kills it at a limit. */
  #watch(): () => void {
    const { processorMs, heapMebibytes } = this.#limits;
    const [startMs, usedBeforeMs] = [performance.now(), this.#program.processorMs() ?? 0];
    const look = () => {
      const usedMs = (this.#program.processorMs() ?? 0) - usedBeforeMs;
      if (usedMs > processorMs) this.#kill(`it took more than ${processorMs / 1000} seconds of a processor`);
      else if (residentMebibytes(this.#program.pid) > heapMebibytes + BESIDE_HEAP_MEBIBYTES)
        this.#kill(this.#memoryWords);
      else if (performance.now() - startMs > WAIT_LIMIT_MS)
        this.#kill(`it took more than ${WAIT_LIMIT_MS / 1000} seconds`);
    };
    const timer = setInterval(look, LOOK_AGAIN_MS);
    return () => clearInterval(timer);
  }

  #kill(words: string): void {
    this.#fail(new ConfinedWorkExhausted(words));
    this.#program.kill();
  }

  #note(chunk: Buffer): void {
    this.#replyBytes += chunk.length;
    if (this.#replyBytes > this.#limits.replyBytes) {
      this.#kill(`what it gave was larger than ${this.#limits.replyBytes} bytes`);
      return;
    }
    this.#reply.push(chunk);
    if (chunk.at(-1) !== LF) return;
    const { output, error } = JSON.parse(Buffer.concat(this.#reply).toString()) as { output?: unknown; error?: string };
    [this.#reply, this.#replyBytes] = [[], 0];
    if (error === undefined) this.#waiting?.resolve(output);
    else this.#fail(new Error(error));
  }

  get #memoryWords(): string {
    return `it needed more than ${this.#limits.heapMebibytes} MiB of memory`;
  }

  #endOf(code: number): Error {
    if (OUT_OF_MEMORY_CODES.includes(code)) return new ConfinedWorkExhausted(this.#memoryWords);
    return new Error(`the process for a tenant's text ended with ${code}: ${this.#words.trim()}`);
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
