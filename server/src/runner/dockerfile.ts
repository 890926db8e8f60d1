import { DockerfileParser, type Instruction } from 'dockerfile-ast';
import type { DockerfileLines } from '#build/build.ts';
import { type ConfinedLimits, ConfinedWork, ConfinedWorkExhausted } from '#confined/confined-work.ts';
import { BuildFailed } from './build-failed.ts';
import { cutLines, type InstructionPlace } from './dockerfile-lines.ts';
import { placeOf, Stages } from './dockerfile-stages.ts';
import { expand, unquote } from './dockerfile-values.ts';

/** An image that a Dockerfile names. */
export interface NamedImage {
  /** As written, arguments expanded. */
  image: string;
  /** Where it is named first. */
  dockerfile: DockerfileLines;
}

/** What the runner must know of a Dockerfile before the sandbox builds it. */
export interface DockerfilePlan {
  /** The images of FROM, `COPY --from=` and `RUN --mount=from=`; each once. */
  images: NamedImage[];
  /** Layers over its base image that the deepest stage has, those of a stage that it starts from counted. */
  layerCount: number;
  /** Values of those platform arguments that an ARG declares: the builder complains of any that it is given beside them. */
  platformArgs: Record<string, string>;
  /** The ids of `RUN --mount=type=secret`, each once. */
  secretIds: string[];
  /** What each ARG declares, as written: `NAME` or `NAME=default`. */
  declaredArgs: string[];
  /** Whether a RUN mounts files of the source, of a stage or of an image. */
  bindsFiles: boolean;
  /** The instructions of each stage in order; what stands before the first FROM belongs to none. */
  stages: InstructionPlace[][];
}

/** A Dockerfile of a source. */
export interface SourceDockerfile {
  path: string;
  text: string;
}

/** More than any image has layers or bases. */
const INSTRUCTIONS_LIMIT = 5000;
const NAMES_LIMIT = 200;
const NAME_LIMIT_CHARS = 1024;

interface Flagged {
  getFlags(): { getName(): string; getValue(): string | null }[];
}

const FLAGGED = ['FROM', 'COPY', 'ADD', 'RUN'];

/** Other names of the platforms that Slipway runs on. */
const SPELLINGS: Record<string, string> = {
  amd64: 'linux/amd64',
  x86_64: 'linux/amd64',
  'linux/x86_64': 'linux/amd64',
  arm64: 'linux/arm64',
  aarch64: 'linux/arm64',
  'linux/aarch64': 'linux/arm64',
  'linux/arm64/v8': 'linux/arm64',
};

/**
 * Reads which images a Dockerfile names. `buildArgs` are `K=V`. Throws `BuildFailed`, with the lines that are to blame where there are any;
 * a Dockerfile that costs too much to read is the source's fault.
 * ARG before the first FROM is expanded as the Dockerfile reference says
 * (https://docs.docker.com/reference/dockerfile/#understand-how-arg-and-from-interact).
 */
export async function planDockerfile(
  dockerfile: SourceDockerfile,
  buildArgs: readonly string[],
  platform: string,
  limits: Partial<ConfinedLimits> = {},
): Promise<DockerfilePlan> {
  await using work = new ConfinedWork(limits);
  const task = { module: import.meta.url, run: planOrRefusal };
  const answer = await work.run(task, { dockerfile, buildArgs, platform }).catch((error: unknown) => {
    if (!(error instanceof ConfinedWorkExhausted)) throw error;
    throw new BuildFailed('source', `${dockerfile.path} cannot be read as a Dockerfile: ${error.message}`);
  });
  if ('plan' in answer) return answer.plan;
  const failure = new BuildFailed('source', answer.refusal);
  failure.dockerfile = answer.lines;
  throw failure;
}

type PlanInput = { dockerfile: SourceDockerfile; buildArgs: readonly string[]; platform: string };
type PlanAnswer = { plan: DockerfilePlan } | { refusal: string; lines: DockerfileLines | undefined };

/** What `planDockerfile` does, as a function of values. */
export function planOrRefusal({ dockerfile, buildArgs, platform }: PlanInput): PlanAnswer {
  try {
    return { plan: plan(dockerfile, buildArgs, platform) };
  } catch (error) {
    if (!(error instanceof BuildFailed)) throw error;
    return { refusal: error.message, lines: error.dockerfile };
  }
}

function plan({ path, text }: SourceDockerfile, buildArgs: readonly string[], platform: string): DockerfilePlan {
  const instructions = DockerfileParser.parse(text).getInstructions();
  if (instructions.length > INSTRUCTIONS_LIMIT)
    throw new BuildFailed(
      'source',
      `${path} has ${instructions.length} instructions; ${INSTRUCTIONS_LIMIT} is the limit for a Dockerfile`,
    );
  const given = new Map(buildArgs.map((argument) => splitAtEquals(argument)));
  const ofPlatform = new Map(platformArguments(platform));
  const values = new Map([...ofPlatform, ...given]);
  const platformArgs: Record<string, string> = {};
  const stages = new Stages();
  const images = new Map<string, Instruction>();
  const secretIds = new Set<string>();
  const declaredArgs: string[] = [];
  let bindsFiles = false;
  const lines = text.split(/\r?\n/);
  const linesOf = (instruction: Instruction) => cutLines(path, lines, placeOf(instruction));
  for (const instruction of instructions) {
    const keyword = instruction.getKeyword();
    blaming(linesOf, instruction, () => {
      refuseEmpty(instruction, path);
      if (keyword === 'ARG') {
        declareArgument(instruction, given, values, stages.count === 0);
        for (const argument of instruction.getArguments()) declaredArgs.push(argument.getValue());
        const [name] = splitAtEquals(instruction.getArguments()[0]?.getValue() ?? '');
        const value = given.has(name) ? undefined : ofPlatform.get(name);
        if (value !== undefined) platformArgs[name] = value;
      }
      if (keyword === 'FROM') addBase(instruction, values, stages, images, platform);
      else if (stages.count > 0) addReferenced(instruction, values, stages, images);
      for (const secretId of mountedSecrets(instruction)) secretIds.add(secretId);
      bindsFiles ||= mountsOf(instruction).some((options) => (options.get('type') ?? 'bind') === 'bind');
      stages.addInstruction(placeOf(instruction));
      refuseAbove(images.size, 'images');
      refuseAbove(secretIds.size, 'secrets');
    });
  }
  if (stages.count === 0) throw new BuildFailed('source', 'the Dockerfile has no FROM instruction');
  return {
    images: [...images].map(([image, instruction]) => ({ image, dockerfile: linesOf(instruction) })),
    layerCount: Math.max(...stages.depths),
    platformArgs,
    secretIds: [...secretIds],
    declaredArgs,
    bindsFiles,
    stages: stages.instructions,
  };
}

/** Of these the builder makes a crash of its own, or an exit code of a shell. */
const NEEDED: Readonly<Record<string, string>> = { RUN: 'command', ARG: 'name' };

function refuseEmpty(instruction: Instruction, path: string): void {
  const needed = NEEDED[instruction.getKeyword()];
  if (needed === undefined) return;
  const words = instruction.getArguments().map((argument) => argument.getValue());
  if (words.length > 0 && words.join('') !== '[]') return;
  const { firstLine } = placeOf(instruction);
  throw new BuildFailed('source', `${instruction.getKeyword()} on line ${firstLine} of ${path} has no ${needed}`);
}

function refuseAbove(count: number, what: string): void {
  if (count > NAMES_LIMIT) throw new BuildFailed('source', `the Dockerfile names more than ${NAMES_LIMIT} ${what}`);
}

/** Gives a failure the lines of the instruction that it is about. */
function blaming<T>(linesOf: (instruction: Instruction) => DockerfileLines, instruction: Instruction, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof BuildFailed) error.dockerfile = linesOf(instruction);
    throw error;
  }
}

function addBase(
  instruction: Instruction,
  values: Map<string, string>,
  stages: Stages,
  images: Map<string, Instruction>,
  platform: string,
): void {
  const [name = '', as, alias] = instruction.getArguments().map((argument) => argument.getValue());
  const image = expandedName(name, values);
  if (image === '')
    throw new BuildFailed('source', `FROM ${name.slice(0, 200)} names no image: an ARG in it has no value`);
  checkPlatform(instruction, values, platform);
  const parent = stages.find(image);
  if (image !== 'scratch' && parent === undefined && !images.has(image)) images.set(image, instruction);
  stages.add(as?.toUpperCase() === 'AS' ? alias : undefined, parent);
}

/** The builder would take the base it has under that name, whatever platform it is for. */
function checkPlatform(instruction: Instruction, values: Map<string, string>, own: string): void {
  const platform = expandedName(flagsOf(instruction, 'platform')[0] ?? '', values);
  if (platform === '' || (SPELLINGS[platform] ?? platform) === own) return;
  throw new BuildFailed(
    'source',
    `FROM --platform=${platform} cannot be built here: this machine builds for ${own} alone, without emulation`,
  );
}

/** What names an image or a platform. */
function expandedName(written: string, values: ReadonlyMap<string, string>): string {
  const name = expand(written, values);
  if (name.length <= NAME_LIMIT_CHARS) return name;
  throw new BuildFailed('source', `the name ${name.slice(0, 60)}… is longer than ${NAME_LIMIT_CHARS} characters`);
}

function addReferenced(
  instruction: Instruction,
  values: Map<string, string>,
  stages: Stages,
  images: Map<string, Instruction>,
): void {
  for (const written of referencedImages(instruction)) {
    const image = expandedName(written, values);
    const isStage = /^\d+$/.test(image) || stages.find(image) !== undefined;
    if (image !== '' && !isStage && !images.has(image)) images.set(image, instruction);
  }
}

function referencedImages(instruction: Instruction): string[] {
  const copied = flagsOf(instruction, 'from');
  const mounted = mountsOf(instruction).flatMap((options) => options.get('from') ?? []);
  return [...copied, ...mounted];
}

/** An id that is absent is the last part of the target (https://docs.docker.com/reference/dockerfile/#run---mounttypesecret). */
function mountedSecrets(instruction: Instruction): string[] {
  const secrets = mountsOf(instruction).filter((options) => options.get('type') === 'secret');
  return secrets.flatMap((options) => options.get('id') ?? options.get('target')?.split('/').at(-1) ?? []);
}

/** The options of each `--mount=` of a RUN. */
function mountsOf(instruction: Instruction): Map<string, string>[] {
  return flagsOf(instruction, 'mount').map(
    (value) => new Map(value.split(',').map((option) => splitAtEquals(unquote(option)))),
  );
}

function flagsOf(instruction: Instruction, name: string): string[] {
  if (!FLAGGED.includes(instruction.getKeyword())) return [];
  const flags = (instruction as Instruction & Flagged).getFlags();
  return flags.filter((flag) => flag.getName() === name).map((flag) => flag.getValue() ?? '');
}

function declareArgument(
  instruction: Instruction,
  given: ReadonlyMap<string, string>,
  values: Map<string, string>,
  global: boolean,
): void {
  for (const argument of instruction.getArguments()) {
    const [name, fallback] = splitAtEquals(argument.getValue());
    if (given.has(name) || (!global && values.has(name)) || !argument.getValue().includes('=')) continue;
    values.set(name, expand(fallback, values));
  }
}

function splitAtEquals(text: string): [string, string] {
  const at = text.indexOf('=');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function platformArguments(platform: string): [string, string][] {
  const [os = '', arch = '', variant = ''] = platform.split('/');
  return ['TARGET', 'BUILD'].flatMap((side): [string, string][] => [
    [`${side}PLATFORM`, platform],
    [`${side}OS`, os],
    [`${side}ARCH`, arch],
    [`${side}VARIANT`, variant],
  ]);
}
