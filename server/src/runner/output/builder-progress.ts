import { type BuildStep, STEPS_LIMIT } from '#build/build-step.ts';
import { countJsonParts } from '#image/json-parts.ts';
import type { StepStreams } from '#sandbox/client/sandbox.ts';
import { streamMarked } from '#sandbox/protocol/step-mark.ts';
import type { PlannedStage } from '../dockerfile/dockerfile-plan.ts';
import { Turns } from '../mask/turns.ts';
import { PendingBytes } from './pending-bytes.ts';
import { announceStep, parseStepName, type StepName } from './step-name.ts';

/** A step as the builder tells of it: one instruction of a stage that makes or changes files. The instruction has at most 4 KiB. */
export type AnnouncedStep = Pick<
  BuildStep,
  'step' | 'stage' | 'stageCount' | 'number' | 'numberCount' | 'instruction' | 'platform' | 'targetPlatform'
>;

/** How a step ended. */
export interface StepEnd {
  /** Its layer came from the cache. */
  cached: boolean;
  /** What the builder says of its failure; undefined where it did not fail. A step that was stopped for another's failure has one too. */
  error: string | undefined;
}

/** Where the builder's progress goes. Each call is awaited before the next. */
export interface ProgressSink {
  begin(step: AnnouncedStep, line: string): Promise<void>;
  /** What a step printed that runs no program, such as what fetches a file; 0 is none. */
  output(step: number, bytes: Buffer): Promise<void>;
  /** What the step's program prints comes apart from the builder's progress from here on. */
  opened(step: number): Promise<void>;
  end(step: number, end: StepEnd): Promise<void>;
  /** A line of the builder's own. */
  say(line: string): Promise<void>;
}

const LF = 0x0a;
/** A message of the builder holds at most 64 KiB of output, or tells of all steps of a Dockerfile at once. */
const MESSAGE_LIMIT_BYTES = 4 * 2 ** 20;
const MESSAGE_LIMIT_PARTS = 200_000;
const INSTRUCTION_LIMIT_CHARS = 4096;
const DIGEST_LIMIT_CHARS = 128;
/** What a part of a message costs beside its bytes, as so many bytes. */
const PART_WORK = 1024;
const WORDS_LIMIT_CHARS = 64 * 1024;
const WORDS_LIMIT_LINES = 1000;
const WORDS_LINE_LIMIT_CHARS = 4096;
interface Vertex {
  digest: string;
  name: string;
  started?: string;
  completed?: string;
  cached?: boolean;
  error?: string;
}

interface Log {
  vertex: string;
  data: string;
}

interface Message {
  vertexes?: Vertex[];
  logs?: Log[];
  warnings?: { short?: string }[];
}

/**
 * Reads what `docker-buildx build --progress=rawjson` prints: JSON, one message a line, and at the end the builder's own words
 * (https://docs.docker.com/reference/cli/docker/buildx/build/#progress). What a step's program prints is not among it: of that
 * the builder tells which stream it is, so nothing that a step prints can be taken for the builder's. `stages` are those of the
 * Dockerfile.
 */
export class BuilderProgress {
  readonly #sink: ProgressSink;
  readonly #stages: readonly PlannedStage[];
  readonly #stepsBefore: number;
  readonly #steps = new Map<string, { step: AnnouncedStep; hasEnded: boolean }>();
  readonly #pending = new PendingBytes(MESSAGE_LIMIT_BYTES);
  readonly #turns = new Turns();
  #words: string[] = [];
  #wordsChars = 0;
  #streams: StepStreams | undefined;

  /** `stepsBefore` are those that an earlier builder of the same build told of. */
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
   * What the builder said last in words, the beginning of each line, at most 64 KiB: of a failure, where it stands in the Dockerfile and
   * why. The reason comes last, and may come after a line of the Dockerfile of any length.
   */
  get words(): string {
    return this.#words.join('');
  }

  /** Takes the next bytes; resolves when the sink has taken what they tell. Opens the streams of steps. */
  async write(chunk: Buffer, streams?: StepStreams): Promise<void> {
    this.#streams = streams;
    let position = 0;
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, position)) {
      await this.#read(this.#pending.takeWith(chunk.subarray(position, end)));
      position = end + 1;
    }
    // The chunk may change after this.
    this.#pending.keep(chunk.subarray(position));
  }

  /** The builder has ended: what it left without a line end counts as a line. */
  async end(): Promise<void> {
    const rest = this.#pending.takeWith(Buffer.alloc(0));
    if (rest === undefined || rest.length > 0) await this.#read(rest);
  }

  /** Reads one line, which is undefined where it was too long. */
  async #read(bytes: Buffer | undefined): Promise<void> {
    if (bytes === undefined || countJsonParts(bytes) > MESSAGE_LIMIT_PARTS)
      return this.#sink.say(
        `the builder sent a message of more than ${MESSAGE_LIMIT_BYTES} bytes or ${MESSAGE_LIMIT_PARTS} parts, which was left out`,
      );
    const line = bytes.toString();
    await this.#turns.after(bytes.length + PART_WORK);
    const message = parseMessage(line);
    if (message === undefined) return this.#say(line);
    // One message may tell of a step's begin, of what it printed and of its end, and of the step after it.
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

  /** A vertex is told of many times: when it is planned, begins, is looked up in the cache, ends. */
  async #begin({ digest, name, started, cached }: Vertex): Promise<void> {
    if (started === undefined || this.#steps.has(digest)) return;
    const told = this.#toldName(name);
    if (told === undefined || this.stepCount >= STEPS_LIMIT) return;
    const step = this.#announced(told);
    this.#steps.set(digest, { step, hasEnded: false });
    const line = announceStep({ ...step, platform: told.platform }, told.instruction);
    await this.#sink.begin(step, `${cached ? 'CACHED ' : ''}${line}`);
  }

  async #end({ digest, completed, cached, error }: Vertex): Promise<void> {
    const known = this.#steps.get(digest);
    if (completed === undefined || known === undefined || known.hasEnded) return;
    known.hasEnded = true;
    await this.#sink.end(known.step.step, { cached: cached === true, error });
  }

  /** The builder counts the FROM of an image as the first step of a stage, yet numbers what follows from 1, since it is given the image. */
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
      platform: told.platform ?? this.#stages[place - 1]?.platform,
      // A copy: a part of a text keeps the whole.
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

/** Two stages that made the same layer export it at once: the builder's store tells one of them to wait, and the build goes on. */
function isNoise(line: string): boolean {
  return line.startsWith('ERROR: (*service).Write failed') && line.includes(' locked for ');
}

/** Undefined for what is no message, but words. */
function parseMessage(line: string): Message | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return checked(JSON.parse(line) as Message);
  } catch {
    // Words may begin with a brace.
    return undefined;
  }
}

function isShort(digest: unknown): boolean {
  return typeof digest === 'string' && digest.length <= DIGEST_LIMIT_CHARS;
}

/** A builder that was broken into may say anything: what is not of the form is left out. */
function checked({ vertexes, logs, warnings }: Message): Message {
  return {
    vertexes: listOf(
      vertexes,
      ({ digest, name, error }) =>
        isShort(digest) && typeof name === 'string' && (error === undefined || typeof error === 'string'),
    ),
    logs: listOf(logs, ({ vertex, data }) => isShort(vertex) && typeof data === 'string'),
    warnings: listOf(warnings, ({ short }) => short === undefined || typeof short === 'string'),
  };
}

function listOf<T>(given: readonly T[] | undefined, isOfForm: (each: T) => boolean): T[] {
  return Array.isArray(given)
    ? given.filter((each) => typeof each === 'object' && each !== null && isOfForm(each))
    : [];
}
