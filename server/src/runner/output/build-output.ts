import type { StepStreams } from '#sandbox/client/sandbox.ts';
import type { PlannedStage } from '../dockerfile/dockerfile-plan.ts';
import type { MaskedStream, Masker } from '../mask/masker.ts';
import { Turns } from '../mask/turns.ts';
import { type AnnouncedStep, BuilderProgress, LF, type ProgressSink, type StepEnd } from './builder-progress.ts';
import type { StepRecorder } from './step-recorder.ts';

/** The destination of a build's lines. */
export interface BuildOutputLog {
  /** The next output belongs to this step; 0 means none. Ends an unfinished line of another step. */
  place(step: number): void;
  write(bytes: Uint8Array): Promise<void>;
}

/** A failed step, and the builder's message about it. */
export interface FailedStep {
  step: AnnouncedStep;
  error: string;
  /** Its runtime was killed. */
  isLost: boolean;
}

/** How long output without a line end waits for the rest: at least this long, at most twice as long. */
const PATIENCE_MS = 1000;
const PARTIAL_LIMIT_BYTES = 16 * 1024;
/** Limit for all parallel steps together; a step that reaches it writes what it has. */
const PARTIALS_LIMIT_BYTES = 4 * 2 ** 20;
/** How much is masked at once. */
const PIECE_BYTES = 64 * 1024;
/** Limit for the builder's own final message. */
const STOPPED_FOR_ANOTHER = 'context canceled';

/**
 * A step that has not ended, or still prints. Its output is masked separately, so that secrets are found whole even
 * when steps run in parallel.
 */
interface OpenStep {
  announced: AnnouncedStep;
  masked: MaskedStream;
  partial: Buffer[];
  partialBytes: number;
  /** Whether the partial line existed at the last check, and has not grown since. */
  isStale: boolean;
  /** Whether its program still prints, and whether the builder has reported its end: the later of the two closes it. */
  isPrinting: boolean;
  hasEnded: boolean;
  /** The runtime of its program was killed. */
  isLost: boolean;
}

/**
 * Splits a builder's output: the lines of each step go into the log under that step, whole even if steps run in
 * parallel, and the steps go into their record. Secrets are masked in a step's output before it is split into lines.
 */
export class BuildOutput {
  readonly #log: BuildOutputLog;
  readonly #masker: Masker;
  readonly #recorder: StepRecorder;
  readonly #stages: readonly PlannedStage[];
  #progress: BuilderProgress;
  readonly #open = new Map<number, OpenStep>();
  readonly #turns = new Turns();
  #partialsBytes = 0;
  #newest: AnnouncedStep | undefined;
  #failed: FailedStep | undefined;
  #written: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  /** The current step of the log. */
  #placed = 0;

  constructor(log: BuildOutputLog, masker: Masker, recorder: StepRecorder, stages: readonly PlannedStage[]) {
    this.#log = log;
    this.#masker = masker;
    this.#recorder = recorder;
    this.#stages = stages;
    this.#progress = this.#openProgress(0);
  }

  /** The step that failed first, not counting steps that were stopped because of it. */
  get failed(): FailedStep | undefined {
    return this.#failed;
  }

  /** The step that started last and has not ended, or else the last step. */
  get newest(): AnnouncedStep | undefined {
    return [...this.#open.values()].at(-1)?.announced ?? this.#newest;
  }

  /** The builder's messages. */
  get words(): string {
    return this.#masker.text(this.#progress.words);
  }

  /** Takes the builder's next bytes; resolves when the log has accepted them. */
  write(chunk: Buffer, streams?: StepStreams): Promise<void> {
    return this.#inTurn(() => this.#progress.write(chunk, streams));
  }

  /** Takes output of a step's program, like `write`. */
  writeStep(step: number, bytes: Buffer): Promise<void> {
    return this.#inTurn(() => this.#print(step, bytes));
  }

  /** A step's program has stopped printing. `isLost` if its runtime was killed. */
  endStep(step: number, isLost: boolean): Promise<void> {
    return this.#inTurn(async () => {
      const open = this.#open.get(step);
      if (open === undefined) return;
      open.isPrinting = false;
      open.isLost = isLost;
      if (open.hasEnded) await this.#close(step);
    });
  }

  /** A line from the sandbox itself. */
  say(line: string): Promise<void> {
    return this.#inTurn(() => this.#line(0, line));
  }

  /** Another builder restarts the same build, for the given reason: the failure of the first one no longer matters. */
  again(line: string): Promise<void> {
    return this.#inTurn(async () => {
      await this.#endProgress();
      this.#failed = undefined;
      this.#newest = undefined;
      this.#progress = this.#openProgress(this.#progress.stepCount);
      await this.#line(0, line);
    });
  }

  /** The builder has ended, even if it left something unfinished. */
  end(): Promise<void> {
    return this.#inTurn(async () => {
      clearTimeout(this.#timer);
      await this.#endProgress();
    });
  }

  #openProgress(stepsBefore: number): BuilderProgress {
    const sink: ProgressSink = {
      begin: async (step, line) => {
        this.#openStep(step);
        await this.#line(step.step, line);
      },
      restart: async (step) => this.#openStep(step),
      output: (step, bytes) => this.#print(step, bytes),
      opened: async (step) => {
        const open = this.#open.get(step);
        if (open) open.isPrinting = true;
      },
      end: (step, end) => this.#end(step, end),
      say: (line) => this.#line(0, line),
    };
    return new BuilderProgress(this.#stages, sink, stepsBefore);
  }

  async #endProgress(): Promise<void> {
    await this.#progress.end();
    for (const step of [...this.#open.keys()]) await this.#close(step);
  }

  /** The timer must not write between two writes of a chunk. */
  #inTurn(act: () => Promise<void>): Promise<void> {
    const done = this.#written.then(act);
    // The caller learns of a failure; later writes fail by themselves.
    this.#written = done.catch(() => undefined);
    return done;
  }

  #openStep(step: AnnouncedStep): void {
    const announced = { ...step, instruction: this.#masker.text(step.instruction) };
    this.#newest = announced;
    this.#open.set(step.step, {
      announced,
      masked: this.#masker.openStream(),
      partial: [],
      partialBytes: 0,
      isStale: false,
      isPrinting: false,
      hasEnded: false,
      isLost: false,
    });
    this.#recorder.begin(announced);
  }

  async #end(step: number, { cached, error }: StepEnd): Promise<void> {
    const open = this.#open.get(step);
    if (open) open.hasEnded = true;
    if (!open?.isPrinting) await this.#close(step);
    const announced = open?.announced;
    const isLost = open?.isLost === true;
    this.#recorder.end(step, { cached, exitCode: error === undefined ? 0 : isLost ? undefined : exitCodeOf(error) });
    if (announced === undefined || error === undefined || error.endsWith(STOPPED_FOR_ANOTHER)) return;
    this.#failed ??= { step: announced, error: this.#masker.text(error), isLost };
  }

  async #print(step: number, bytes: Buffer): Promise<void> {
    const open = this.#open.get(step);
    // Fetching a file or repository for ADD also prints, but is not a step; a step that has ended is no longer open.
    if (open === undefined) return this.#line(step, bytes.toString().replace(/\n$/, ''));
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      const piece = bytes.subarray(at, at + PIECE_BYTES);
      await this.#turns.after(piece.length);
      await this.#store(step, open, open.masked.write(piece));
    }
  }

  async #store(step: number, open: OpenStep, bytes: Buffer): Promise<void> {
    const wholeBytes = bytes.lastIndexOf(LF) + 1;
    const restBytes = bytes.length - wholeBytes + (wholeBytes > 0 ? 0 : open.partialBytes);
    const sumBytes = this.#partialsBytes - open.partialBytes + restBytes;
    const isTooMuch = restBytes > PARTIAL_LIMIT_BYTES || sumBytes > PARTIALS_LIMIT_BYTES;
    const takenBytes = isTooMuch ? bytes.length : wholeBytes;
    open.isStale = false;
    if (takenBytes > 0)
      await this.#writeAt(step, Buffer.concat([...this.#takePartial(open), bytes.subarray(0, takenBytes)]));
    if (takenBytes === bytes.length) return;
    open.partial.push(Buffer.from(bytes.subarray(takenBytes)));
    open.partialBytes += bytes.length - takenBytes;
    this.#partialsBytes += bytes.length - takenBytes;
    this.#look();
  }

  /** A step's output since its last line end, in order. */
  #takePartial(open: OpenStep): Buffer[] {
    const { partial } = open;
    this.#partialsBytes -= open.partialBytes;
    open.partial = [];
    open.partialBytes = 0;
    return partial;
  }

  #look(): void {
    this.#timer ??= setTimeout(() => void this.#writePartials(), PATIENCE_MS);
  }

  async #writePartials(): Promise<void> {
    this.#timer = undefined;
    await this.#inTurn(async () => {
      for (const [step, open] of this.#open) {
        if (open.partialBytes === 0) continue;
        if (open.isStale) await this.#writeAt(step, Buffer.concat(this.#takePartial(open)));
        else this.#look();
        open.isStale = true;
      }
      this.#placeAt(0);
    }).catch(() => undefined);
  }

  async #close(step: number): Promise<void> {
    const open = this.#open.get(step);
    if (open === undefined) return;
    this.#open.delete(step);
    const rest = Buffer.concat([...this.#takePartial(open), open.masked.close()]);
    if (rest.length > 0) await this.#writeAt(step, rest);
  }

  async #line(step: number, line: string): Promise<void> {
    await this.#writeAt(step, Buffer.from(`${this.#masker.text(line)}\n`));
  }

  async #writeAt(step: number, bytes: Uint8Array): Promise<void> {
    this.#placeAt(step);
    await this.#log.write(bytes);
  }

  #placeAt(step: number): void {
    if (step === this.#placed) return;
    this.#placed = step;
    this.#log.place(step);
  }
}

/** The exit code of a step's program, from the builder's failure message; undefined for a step without a program. */
export function exitCodeOf(error: string): number | undefined {
  if (!error.startsWith('process "')) return undefined;
  const code = /" did not complete successfully: exit code: (\d{1,3})$/.exec(error)?.[1];
  return code === undefined ? undefined : Number(code);
}
