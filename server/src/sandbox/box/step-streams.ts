import { closeSync, constants, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { encodeStep, FRAME_TYPES } from '../protocol/frame.ts';
import { isStreamName } from '../protocol/step-mark.ts';

/** Receives the output of steps. */
export interface StreamTarget {
  /** Returns whether there is room for more. */
  write(type: number, ...parts: Buffer[]): boolean;
  room(): Promise<void>;
}

// Each stream takes four descriptors. Further streams, and their steps, wait until one ends.
const MOST_OPEN = 64;
// Far more than a box has processes. A compromised builder may name as many as it likes.
const MOST_WAITING = 10_000;
// No pipe holds more, so a step that has ended can have left at most this.
const LARGEST_PIPE_BYTES = 2 ** 20;
const LARGEST_LAST_WORD_BYTES = 64;
const { O_RDONLY, O_WRONLY, O_NONBLOCK, O_NOFOLLOW } = constants;

/**
 * The streams of a box's steps (step-runtime.sh): three named pipes each, in a folder of the box. The step writes to
 * NAME. Its runtime holds NAME.life open for as long as it lives, then waits until NAME.ack says that all output was
 * read.
 */
export class StepStreams {
  readonly #folder: string;
  readonly #target: StreamTarget;
  readonly #open = new Map<string, StepStream>();
  readonly #waiting: { name: string; step: number }[] = [];
  #hasRun = false;

  constructor(folder: string, target: StreamTarget) {
    this.#folder = folder;
    this.#target = target;
  }

  /** Whether the program of a step has started. */
  get hasRun(): boolean {
    return this.#hasRun;
  }

  /** Reads the stream as the output of this step. Does nothing if it does not exist or is read already. */
  open(name: unknown, step: unknown): void {
    if (!isStreamName(name) || !isStep(step) || this.#open.has(name)) return;
    if (this.#open.size >= MOST_OPEN) {
      if (this.#waiting.length < MOST_WAITING) this.#waiting.push({ name, step });
      return;
    }
    const pipes = openPipes(`${this.#folder}/${name}`);
    if (pipes === undefined) return;
    this.#hasRun = true;
    const stream = new StepStream(pipes, step, this.#target);
    this.#open.set(name, stream);
    void stream.ended.then(() => {
      this.#open.delete(name);
      // If the step was cancelled meanwhile, it takes no slot.
      while (this.#open.size < MOST_OPEN) {
        const next = this.#waiting.shift();
        if (next === undefined) return;
        this.open(next.name, next.step);
      }
    });
  }

  /** The box has ended: passes on the rest of its pipes. */
  async close(): Promise<void> {
    this.#waiting.length = 0;
    const open = [...this.#open.values()];
    for (const stream of open) stream.finish();
    await Promise.all(open.map(({ ended }) => ended));
  }
}

interface Pipes {
  output: number;
  rest: number;
  life: number;
  ack: number;
}

class StepStream {
  readonly ended: Promise<void>;
  readonly #pipes: Pipes;
  readonly #step: Buffer;
  readonly #target: StreamTarget;
  readonly #output: Socket;
  readonly #life: Socket;
  #lastWord = '';
  #settle: () => void;
  #isFinished = false;

  constructor(pipes: Pipes, step: number, target: StreamTarget) {
    this.#pipes = pipes;
    this.#step = encodeStep(step);
    this.#target = target;
    ({ promise: this.ended, resolve: this.#settle } = Promise.withResolvers<void>());
    this.#output = new Socket({ fd: pipes.output, readable: true, writable: false });
    this.#life = new Socket({ fd: pipes.life, readable: true, writable: false });
    // A pipe that cannot be read is treated as ended.
    this.#output.on('error', () => this.#output.destroy()).on('data', (chunk: Buffer) => this.#pass(chunk));
    this.#life.on('error', () => this.#life.destroy()).on('close', () => this.finish());
    this.#life.on('data', (chunk: Buffer) => {
      if (this.#lastWord.length < LARGEST_LAST_WORD_BYTES) this.#lastWord += chunk.toString('latin1');
    });
  }

  /** All writers are dead: passes on the rest, and reports the end of the stream. */
  finish(): void {
    if (this.#isFinished) return;
    this.#isFinished = true;
    void this.#finish().finally(this.#settle);
  }

  #pass(chunk: Buffer): void {
    if (this.#target.write(FRAME_TYPES.step, this.#step, chunk)) return;
    this.#output.pause();
    void this.#target.room().then(() => {
      if (!this.#isFinished) this.#output.resume();
    });
  }

  /**
   * A step may have passed its end of the pipe to a program that still lives, so this does not wait for end of file:
   * what is in the pipe now is all.
   */
  async #finish(): Promise<void> {
    const { rest, ack } = this.#pipes;
    this.#output.removeAllListeners('data').pause();
    for (let chunk = this.#output.read() as Buffer | null; chunk !== null; chunk = this.#output.read())
      this.#target.write(FRAME_TYPES.step, this.#step, chunk);
    this.#output.destroy();
    for (let taken = 0, chunk = readNow(rest); chunk !== undefined; chunk = readNow(rest)) {
      this.#target.write(FRAME_TYPES.step, this.#step, chunk);
      taken += chunk.length;
      if (taken > LARGEST_PIPE_BYTES) break;
    }
    closeSync(rest);
    this.#life.destroy();
    const hasEnded = this.#lastWord.startsWith('ended');
    this.#target.write(FRAME_TYPES.stepEnd, this.#step, Buffer.from([hasEnded ? 1 : 0]));
    await this.#target.room();
    acknowledge(ack);
  }
}

function isStep(step: unknown): step is number {
  return typeof step === 'number' && Number.isInteger(step) && step >= 0 && step < 2 ** 32;
}

/** Undefined if they are not pipes, or if nobody waits on the other side: the step was cancelled before it began. */
function openPipes(path: string): Pipes | undefined {
  const opened: number[] = [];
  const open = (name: string, flags: number): number => {
    const pipe = openSync(name, flags | O_NONBLOCK | O_NOFOLLOW);
    opened.push(pipe);
    if (!fstatSync(pipe).isFIFO()) throw new Error(`${name} is not a pipe`);
    return pipe;
  };
  try {
    const ack = open(`${path}.ack`, O_WRONLY);
    // Opened last, because the step starts then.
    const [output, rest] = [open(path, O_RDONLY), open(path, O_RDONLY)];
    return { ack, output, rest, life: open(`${path}.life`, O_RDONLY) };
  } catch {
    for (const pipe of opened) closeSync(pipe);
    return undefined;
  }
}

/** What is in a pipe at this moment. */
function readNow(pipe: number): Buffer | undefined {
  const chunk = Buffer.allocUnsafe(64 * 1024);
  try {
    const bytes = readSync(pipe, chunk);
    return bytes === 0 ? undefined : chunk.subarray(0, bytes);
  } catch {
    // EAGAIN: the pipe is empty, but a writer still exists.
    return undefined;
  }
}

function acknowledge(pipe: number): void {
  try {
    writeSync(pipe, '\n');
  } catch {
    // Nobody waits: the step's runtime was killed.
  } finally {
    closeSync(pipe);
  }
}
