import { type BuildStep, STEPS_LIMIT } from '#build/build-step.ts';
import { countJsonParts } from '#image/json-parts.ts';
import type { StepStreams } from '#sandbox/client/sandbox.ts';
import { streamMarked } from '#sandbox/protocol/step-mark.ts';
import type { PlannedStage } from '../dockerfile/dockerfile-plan.ts';
import { Turns } from '../mask/turns.ts';
import { isLater, type Log, parseMessage, type Vertex } from './builder-message.ts';
import { PendingBytes } from './pending-bytes.ts';
import { announceStep, parseStepName, type StepName } from './step-name.ts';

/**
 * A step as the builder reports it: one instruction of a stage that creates or changes files. The instruction has at
 * most 4 KiB.
 */
export type AnnouncedStep = Pick<
  BuildStep,
  | 'step'
  | 'stage'
  | 'stageCount'
  | 'stageName'
  | 'number'
  | 'numberCount'
  | 'instruction'
  | 'platform'
  | 'targetPlatform'
>;

/** How a step ended. */
export interface StepEnd {
  /** Its layer came from the cache. */
  cached: boolean;
  /**
   * The builder's failure message; undefined if the step did not fail. A step that was stopped because another failed
   * has one too.
   */
  error: string | undefined;
}

/** The receiver of the builder's progress. Each call is awaited before the next. */
export interface ProgressSink {
  begin(step: AnnouncedStep, line: string): Promise<void>;
  /** A step that was reported as ended runs after all: only its lookup in the cache had ended. */
  restart(step: AnnouncedStep): Promise<void>;
  /** Output of a step that runs no program, such as a download; 0 means no step. */
  output(step: number, bytes: Buffer): Promise<void>;
  /** From now on, the output of the step's program comes separately from the builder's progress. */
  opened(step: number): Promise<void>;
  end(step: number, end: StepEnd): Promise<void>;
  /** A line from the builder itself. */
  say(line: string): Promise<void>;
}

export const LF = 0x0a;
/** A message of the builder has at most 64 KiB of output, or reports all steps of a Dockerfile at once. */
const MESSAGE_LIMIT_BYTES = 4 * 2 ** 20;
const MESSAGE_LIMIT_PARTS = 200_000;
const INSTRUCTION_LIMIT_CHARS = 4096;
const STAGE_NAME_LIMIT_CHARS = 128;
/** The cost of a part of a message in addition to its bytes, in bytes. */
const PART_WORK = 1024;
const WORDS_LIMIT_CHARS = 64 * 1024;
const WORDS_LIMIT_LINES = 1000;
const WORDS_LINE_LIMIT_CHARS = 4096;

/**
 * Reads the output of `docker-buildx build --progress=rawjson`: JSON, one message a line, and at the end the builder's
 * own messages (https://docs.docker.com/reference/cli/docker/buildx/build/#progress). It does not contain the output of
 * a step's program: the builder only names its stream, so nothing that a step prints can be mistaken for the builder's.
 * `stages` are the stages of the Dockerfile.
 */
export class BuilderProgress {
  readonly #sink: ProgressSink;
  readonly #stages: readonly PlannedStage[];
  readonly #stepsBefore: number;
  readonly #steps = new Map<string, { step: AnnouncedStep; endedAt?: string | undefined }>();
  readonly #pending = new PendingBytes(MESSAGE_LIMIT_BYTES);
  readonly #turns = new Turns();
  #words: string[] = [];
  #wordsChars = 0;
  #streams: StepStreams | undefined;

  /** `stepsBefore` is the number of steps that an earlier builder of the same build reported. */
  constructor(stages: readonly PlannedStage[], sink: ProgressSink, stepsBefore = 0) {
    this.#stages = stages;
    this.#sink = sink;
    this.#stepsBefore = stepsBefore;
  }

  /** How many steps the build has had. */
  get stepCount(): number {
    return this.#stepsBefore + this.#steps.size;
  }

  /**
   * The builder's last messages, the start of each line, at most 64 KiB: for a failure, its position in the Dockerfile
   * and the reason. The reason comes last, possibly after a Dockerfile line of any length.
   */
  get words(): string {
    return this.#words.join('');
  }

  /** Takes the next bytes; resolves when the sink has handled them. Opens the streams of steps. */
  async write(chunk: Buffer, streams?: StepStreams): Promise<void> {
    this.#streams = streams;
    let position = 0;
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, position)) {
      await this.#read(this.#pending.takeWith(chunk.subarray(position, end)));
      position = end + 1;
    }
    // The caller may reuse the chunk after this.
    this.#pending.keep(chunk.subarray(position));
  }

  /** The builder has ended: an unfinished line is a line too. */
  async end(): Promise<void> {
    const rest = this.#pending.takeWith(Buffer.alloc(0));
    if (rest === undefined || rest.length > 0) await this.#read(rest);
  }

  /** Reads one line; undefined means it was too long. */
  async #read(bytes: Buffer | undefined): Promise<void> {
    if (bytes === undefined || countJsonParts(bytes) > MESSAGE_LIMIT_PARTS)
      return this.#sink.say(
        `the builder sent a message of more than ${MESSAGE_LIMIT_BYTES} bytes or ${MESSAGE_LIMIT_PARTS} parts, which was skipped`,
      );
    const line = bytes.toString();
    await this.#turns.after(bytes.length + PART_WORK);
    const message = parseMessage(line);
    if (message === undefined) return this.#say(line);
    // One message may report a step's start, its output and its end, and the next step.
    const { vertexes = [], logs = [] } = message;
    const held = new Map<string, Log[]>();
    for (const { digest } of vertexes) if (!this.#steps.has(digest)) held.set(digest, []);
    for (const log of logs) {
      const ofNewStep = held.get(log.vertex);
      if (ofNewStep) ofNewStep.push(log);
      else await this.#print(log);
    }
    for (const vertex of vertexes) {
      await this.#turns.after(PART_WORK);
      await this.#begin(vertex);
      if (this.#steps.has(vertex.digest))
        for (const log of held.get(vertex.digest)?.splice(0) ?? []) await this.#print(log);
      await this.#end(vertex);
    }
    for (const log of [...held.values()].flat()) await this.#print(log);
    for (const warning of message.warnings ?? []) await this.#warn(warning.short ?? '');
  }

  async #print({ vertex, data }: Log): Promise<void> {
    await this.#turns.after(PART_WORK);
    const step = this.#steps.get(vertex)?.step.step ?? 0;
    const bytes = Buffer.from(data, 'base64');
    const stream = this.#streams && streamMarked(bytes, this.#streams.mark);
    if (stream === undefined) return this.#sink.output(step, bytes);
    await this.#sink.opened(step);
    this.#streams?.open(stream, step);
  }

  async #say(line: string): Promise<void> {
    const text = line.endsWith('\r') ? line.slice(0, -1) : line;
    if (isNoise(text)) return;
    const words = `${text.slice(0, WORDS_LINE_LIMIT_CHARS)}\n`;
    this.#words.push(words);
    this.#wordsChars += words.length;
    while (this.#wordsChars > WORDS_LIMIT_CHARS || this.#words.length > WORDS_LIMIT_LINES)
      this.#wordsChars -= this.#words.shift()?.length ?? 0;
    await this.#sink.say(text);
  }

  /**
   * A vertex is reported many times: when it is planned, starts, is looked up in the cache, and ends. Of one that needs no other,
   * such as a RUN on `scratch`, the lookup is reported as if it were all, and then its start
   * (https://github.com/moby/buildkit/blob/v0.25.1/solver/jobs.go, CacheMap).
   */
  async #begin({ digest, name, started, completed, cached }: Vertex): Promise<void> {
    if (started === undefined) return;
    const known = this.#steps.get(digest);
    if (known?.endedAt !== undefined && completed === undefined && isLater(started, known.endedAt)) {
      known.endedAt = undefined;
      await this.#sink.restart(known.step);
    }
    if (known) return;
    const told = this.#toldName(name);
    if (told === undefined || this.stepCount >= STEPS_LIMIT) return;
    const step = this.#announced(told);
    this.#steps.set(digest, { step });
    const line = announceStep({ ...step, platform: told.platform }, told.instruction);
    await this.#sink.begin(step, `${cached ? 'CACHED ' : ''}${line}`);
  }

  async #end({ digest, completed, cached, error }: Vertex): Promise<void> {
    const known = this.#steps.get(digest);
    if (completed === undefined || known === undefined || known.endedAt !== undefined) return;
    known.endedAt = completed;
    await this.#sink.end(known.step.step, { cached: cached === true, error });
  }

  /**
   * The builder counts the FROM of an image as the first step of a stage, but because it is given the image, it numbers
   * the following steps from 1.
   */
  #toldName(name: string): StepName | undefined {
    const told = parseStepName(name);
    if (told === undefined) return undefined;
    const shift = this.#stages[this.#stageOf(told.stage) - 1]?.startsFromImage ? 1 : 0;
    return { ...told, number: Math.min(told.number + shift, told.numberCount) };
  }

  #announced({ stage, instruction, ...told }: StepName): AnnouncedStep {
    const place = this.#stageOf(stage);
    return {
      ...told,
      step: this.stepCount + 1,
      stage: place,
      stageCount: Math.max(1, this.#stages.length),
      stageName: this.#stages[place - 1]?.name?.slice(0, STAGE_NAME_LIMIT_CHARS),
      platform: told.platform ?? this.#stages[place - 1]?.platform,
      // A copy, because a substring keeps the whole text in memory.
      instruction: Buffer.from(instruction.slice(0, INSTRUCTION_LIMIT_CHARS)).toString(),
    };
  }

  #stageOf(name: string | undefined): number {
    if (name === undefined) return Math.max(1, this.#stages.length);
    const named = this.#stages.findLastIndex((stage) => stage.name === name);
    const counted = /^stage-(\d{1,5})$/.exec(name)?.[1];
    return named >= 0 ? named + 1 : Number(counted ?? 0) + 1;
  }

  async #warn(short: string): Promise<void> {
    await this.#turns.after(PART_WORK);
    const text = Buffer.from(short, 'base64').toString().replace(/\s+/g, ' ');
    if (text !== '') await this.#sink.say(`warning: ${text}`);
  }
}

/**
 * Two stages that made the same layer export it at once: the builder's store makes one wait, and the build continues.
 */
function isNoise(line: string): boolean {
  return line.startsWith('ERROR: (*service).Write failed') && line.includes(' locked for ');
}
