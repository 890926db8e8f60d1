import { DockerfileParser, type Instruction } from 'dockerfile-ast';
import type { DockerfileLines } from '#build/build.ts';
import { type ConfinedLimits, ConfinedWork, ConfinedWorkExhausted } from '#confined/confined-work.ts';
import { BuildFailed } from './build-failed.ts';
import { cutLines } from './dockerfile-lines.ts';
import { hasUsualFoldersAlone, readDeviation, type TextPlace } from './dockerfile-reference.ts';
import { placeOf, type Stage, Stages } from './dockerfile-stages.ts';
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
  /** The images of FROM, `COPY --from=` and `RUN --mount=from=` of the stages that are built; each once. */
  images: NamedImage[];
  /** The ids of `RUN --mount=type=secret`, each once. */
  secretIds: string[];
  /** The name of each stage in lower case; undefined for one without a name. */
  stageNames: (string | undefined)[];
  /** Where images are named as a stage is: the builder would take the image for that stage too. */
  shadowed: BaseName[];
  /** What the builder is not given of the Dockerfile. */
  dropped: TextPlace[];
}

/** Where a FROM names its image. */
export interface BaseName extends TextPlace {
  image: string;
}

/** A Dockerfile of a source. */
export interface SourceDockerfile {
  path: string;
  text: string;
}

/** What a build was asked for that decides what of its Dockerfile counts. */
export interface AskedOfDockerfile {
  /** The stage to build, by name or by number from 0; the last one where undefined. */
  target?: string | undefined;
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
  asked: AskedOfDockerfile = {},
  limits: Partial<ConfinedLimits> = {},
): Promise<DockerfilePlan> {
  await using work = new ConfinedWork(limits);
  const task = { module: import.meta.url, run: planOrRefusal };
  const answer = await work.run(task, { dockerfile, buildArgs, platform, asked }).catch((error: unknown) => {
    if (!(error instanceof ConfinedWorkExhausted)) throw error;
    throw new BuildFailed('source', `${dockerfile.path} cannot be read as a Dockerfile: ${error.message}`);
  });
  if ('plan' in answer) return answer.plan;
  const failure = new BuildFailed('source', answer.refusal);
  failure.dockerfile = answer.lines;
  throw failure;
}

type PlanInput = {
  dockerfile: SourceDockerfile;
  buildArgs: readonly string[];
  platform: string;
  asked: AskedOfDockerfile;
};
type PlanAnswer = { plan: DockerfilePlan } | { refusal: string; lines: DockerfileLines | undefined };

/** What `planDockerfile` does, as a function of values. */
export function planOrRefusal({ dockerfile, buildArgs, platform, asked }: PlanInput): PlanAnswer {
  try {
    return { plan: plan(dockerfile, buildArgs, platform, asked) };
  } catch (error) {
    if (!(error instanceof BuildFailed)) throw error;
    return { refusal: error.message, lines: error.dockerfile };
  }
}

function plan(
  { path, text }: SourceDockerfile,
  buildArgs: readonly string[],
  platform: string,
  { target }: AskedOfDockerfile,
): DockerfilePlan {
  const instructions = DockerfileParser.parse(text).getInstructions();
  const { length } = instructions;
  if (length > INSTRUCTIONS_LIMIT)
    throw new BuildFailed('source', `${path} has ${length} instructions; a Dockerfile may have ${INSTRUCTIONS_LIMIT}`);
  const given = new Map(buildArgs.map((argument) => splitAtEquals(argument)));
  const ofPlatform = new Map(platformArguments(platform));
  const values = new Map([...ofPlatform, ...given]);
  const stages = new Stages();
  const baseNames: BaseName[] = [];
  const dropped: TextPlace[] = [];
  const lines = text.split(/\r?\n/);
  const linesOf = (instruction: Instruction) => cutLines(path, lines, placeOf(instruction));
  for (const instruction of instructions) {
    const keyword = instruction.getKeyword();
    blaming(linesOf, instruction, () => {
      if (keyword === 'ARG') declareArgument(instruction, given, values, stages.newest === undefined);
      if (keyword === 'FROM') {
        const baseName = addStage(instruction, values, stages, platform);
        if (baseName) baseNames.push(baseName);
      } else if (stages.newest) {
        addReferenced(instruction, values, stages, stages.newest);
        dropped.push(...readDeviation(instruction, stages.newest));
      }
    });
    if (stages.newest?.problem) stages.newest.problem.dockerfile ??= linesOf(instruction);
  }
  if (stages.newest === undefined) throw new BuildFailed('source', 'the Dockerfile has no FROM instruction');
  const needed = stages.needed(targetPlace(stages, target, path));
  const problem = needed.find((stage) => stage.problem !== undefined)?.problem;
  if (problem) throw problem;
  const images = new Map(needed.flatMap((stage) => [...stage.images]).toReversed());
  const secretIds = new Set(needed.flatMap((stage) => [...stage.secretIds]));
  refuseAbove(images.size, 'images');
  refuseAbove(secretIds.size, 'secrets');
  const stageNames = stages.list.map(({ name }) => name);
  return {
    images: [...images].toReversed().map(([image, instruction]) => ({ image, dockerfile: linesOf(instruction) })),
    secretIds: [...secretIds],
    stageNames,
    shadowed: baseNames.filter(({ image }) => stageNames.includes(familiarName(image))),
    dropped,
  };
}

/** The place of the stage to build; the last one where none is asked for. */
function targetPlace(stages: Stages, target: string | undefined, path: string): number {
  const last = stages.list.length - 1;
  if (target === undefined) return last;
  const place = stages.find(target) ?? (/^\d{1,5}$/.test(target) ? Number(target) : undefined);
  if (place !== undefined && place <= last) return place;
  const names = stages.list.flatMap(({ name }) => name ?? []);
  const there = names.length === 0 ? 'its stages have no names' : `its stages are ${names.slice(0, 20).join(', ')}`;
  throw new BuildFailed('source', `${path} has no stage ${target}, which is the build's target; ${there}`);
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

/** Gives where the stage names its base image, if it starts from one. */
function addStage(
  instruction: Instruction,
  values: Map<string, string>,
  stages: Stages,
  platform: string,
): BaseName | undefined {
  const [written, as, alias] = instruction.getArguments();
  const name = written?.getValue() ?? '';
  const image = expandedName(name, values);
  const parent = stages.find(image);
  const stage = stages.add(as?.getValue().toUpperCase() === 'AS' ? alias?.getValue() : undefined, parent);
  stage.problem =
    image === ''
      ? new BuildFailed('source', `FROM ${name.slice(0, 200)} names no image: an ARG in it has no value`)
      : platformProblem(instruction, values, platform);
  stage.isBare =
    parent === undefined ? hasUsualFoldersAlone(familiarName(image)) : stages.list[parent]?.isBare === true;
  if (image === '' || image === 'scratch' || parent !== undefined || written === undefined) return undefined;
  stage.images.set(image, instruction);
  const { start, end } = written.getRange();
  return { image, line: start.line, fromColumn: start.character, toColumn: end.character };
}

/** As the builder calls an image: `docker.io/library/busybox:latest` is `busybox`. */
function familiarName(image: string): string {
  return image.replace(/^docker\.io\/(?:library\/)?/, '').replace(/:latest$/, '');
}

/** The builder would take the base it has under that name, whatever platform it is for. */
function platformProblem(instruction: Instruction, values: Map<string, string>, own: string): BuildFailed | undefined {
  const platform = expandedName(flagsOf(instruction, 'platform')[0] ?? '', values);
  if (platform === '' || (SPELLINGS[platform] ?? platform) === own) return undefined;
  return new BuildFailed(
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

function addReferenced(instruction: Instruction, values: Map<string, string>, stages: Stages, stage: Stage): void {
  for (const secretId of mountedSecrets(instruction)) stage.secretIds.add(secretId);
  for (const written of referencedImages(instruction)) {
    const name = expandedName(written, values);
    const place = /^\d{1,5}$/.test(name) ? Number(name) : stages.find(name);
    if (place !== undefined) stage.needs.add(place);
    else if (name !== '' && !stage.images.has(name)) stage.images.set(name, instruction);
  }
}

function referencedImages(instruction: Instruction): string[] {
  const copied = flagsOf(instruction, 'from');
  const mounted = mountsOf(instruction).flatMap((options) => options.get('from') ?? []);
  return [...copied, ...mounted];
}

/** An id that is absent is the last part of the target (https://docs.docker.com/reference/dockerfile/#run---mounttypesecret). */
function mountedSecrets(instruction: Instruction): string[] {
  const secrets = mountsOf(instruction).filter((options) => options.get('type')?.toLowerCase() === 'secret');
  return secrets.flatMap((options) => options.get('id') ?? options.get('target')?.split('/').at(-1) ?? []);
}

/** The options of each `--mount=` of a RUN. */
function mountsOf(instruction: Instruction): Map<string, string>[] {
  return flagsOf(instruction, 'mount').map(
    (value) => new Map(value.split(',').map((option) => lowerKey(splitAtEquals(unquote(option))))),
  );
}

function lowerKey([key, value]: [string, string]): [string, string] {
  return [key.toLowerCase(), value];
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
