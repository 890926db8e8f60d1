import type { DockerfileLines } from '#build/build.ts';
import { BuildFailed } from './build-failed.ts';
import { foreignSyntaxLine } from './dockerfile-directives.ts';
import { flagValues, plainArguments } from './dockerfile-instruction.ts';
import { cutLines } from './dockerfile-lines.ts';
import { type Instruction, parseDockerfile } from './dockerfile-parser.ts';
import { Patterns } from './dockerfile-pattern.ts';
import { placesOf, type TextPlace } from './dockerfile-places.ts';
import { familiarName } from './dockerfile-reference.ts';
import { type DockerfileValues, INSTRUCTIONS_LIMIT, resolveReferences, tooMany } from './dockerfile-references.ts';
import { declareGlobal, globalScope, type Scope } from './dockerfile-scope.ts';
import { Stages } from './dockerfile-stages.ts';
import { readWord, WordError, type WordRules } from './dockerfile-words.ts';

/** An image that a Dockerfile names. */
export interface NamedImage {
  /** As written, arguments expanded. */
  image: string;
  /** A FROM names it, so that its ONBUILD counts. */
  isBase: boolean;
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

/** Where a FROM names its image: one place, unless the line is continued within the name. */
export interface BaseName {
  image: string;
  places: TextPlace[];
}

/** A Dockerfile of a source. */
export interface SourceDockerfile {
  path: string;
  text: string;
}

/** What a build was asked for that decides what of its Dockerfile counts. */
export interface AskedOfDockerfile {
  /** The name of the stage to build; the last one where undefined. */
  target?: string | undefined;
}

export type PlanInput = {
  dockerfile: SourceDockerfile;
  buildArgs: readonly string[];
  platform: string;
  asked: AskedOfDockerfile;
};
export type PlanAnswer = { plan: DockerfilePlan } | { refusal: string; lines: DockerfileLines | undefined };

const NAMES_LIMIT = 200;
const NAME_LIMIT_CHARS = 1024;

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
  const lines = text.split(/\r?\n/);
  const linesOf: LinesOf = (place) => cutLines(path, lines, place);
  refuseForeignSyntax(lines, path, linesOf);
  const patterns = new Patterns();
  const { escapeSign, instructions, count } = parseDockerfile(text, INSTRUCTIONS_LIMIT, patterns);
  if (count > INSTRUCTIONS_LIMIT) throw tooMany(`${path} has ${count}`);
  const given = new Map(buildArgs.map((argument) => splitAtEquals(argument)));
  const values = { globals: globalScope(given, platform), given, rules: { escapeSign, patterns } };
  const stages = new Stages();
  for (const instruction of instructions)
    blaming(linesOf, instruction, () => readInstruction(instruction, stages, values, platform));
  if (stages.newest === undefined) throw new BuildFailed('source', 'the Dockerfile has no FROM instruction');
  const dropped = resolveReferences(stages, values, (instruction, act) => blaming(linesOf, instruction, act));
  const needed = stages.needed(targetPlace(stages, target, path));
  for (const { problem } of needed) if (problem) blaming(linesOf, problem.at, () => fail(problem.words));
  const images = new Map(needed.flatMap((stage) => [...stage.images]).toReversed());
  const bases = new Set(needed.filter(({ parent }) => parent === undefined).map(({ base }) => base));
  const secretIds = new Set(needed.flatMap((stage) => [...stage.secretIds]));
  refuseAbove(images.size, 'images');
  refuseAbove(secretIds.size, 'secrets');
  return {
    images: [...images].toReversed().map(([image, instruction]) => {
      return { image, isBase: bases.has(image), dockerfile: linesOf(instruction) };
    }),
    secretIds: [...secretIds],
    stageNames: stages.list.map(({ name }) => name),
    shadowed: shadowedNames(stages),
    dropped,
  };
}

/** The builder would have another program read the file, which Slipway does not let it. */
function refuseForeignSyntax(lines: readonly string[], path: string, linesOf: LinesOf): void {
  const at = foreignSyntaxLine(lines);
  if (at === undefined) return;
  const words = `${path} asks in line ${at + 1} (// syntax=) for a reader of another language; Slipway builds Dockerfiles only`;
  blaming(linesOf, { firstLine: at + 1, lastLine: at + 1 }, () => fail(words));
}

/** Notes what a FROM or an ARG before the first one says; what follows a FROM is kept with its stage. */
function readInstruction(
  instruction: Instruction,
  stages: Stages,
  { globals, given, rules }: DockerfileValues,
  platform: string,
): void {
  if (instruction.keyword === 'FROM') addStage(instruction, stages, globals, rules, platform);
  else if (stages.newest) stages.newest.add(instruction, rules.escapeSign);
  else if (instruction.keyword === 'ARG') declareGlobal(instruction, globals, given, rules);
}

function addStage(from: Instruction, stages: Stages, globals: Scope, rules: WordRules, platform: string): void {
  const [written = '', as, alias] = plainArguments(from);
  const base = expandedName(written, globals, rules);
  const isOtherCase = stages.find(base) !== undefined && base !== base.toLowerCase();
  const stage = stages.add(as?.toUpperCase() === 'AS' ? alias : undefined, base, from);
  const why = written === '' ? '' : ': an ARG in it has no value';
  const problem =
    base === ''
      ? `FROM ${written.slice(0, 200)} names no image${why}`
      : isOtherCase
        ? `FROM ${base} names no stage: write its name in lower case, FROM ${base.toLowerCase()}`
        : platformProblem(expandedName(flagValues(from, 'platform')[0] ?? '', globals, rules), platform);
  if (problem !== undefined) stage.problem = { words: problem, at: from };
  if (base !== '' && base !== 'scratch' && stage.parent === undefined) stage.images.set(base, from);
}

/** The builder would take the base it has under that name, whatever platform it is for. */
function platformProblem(platform: string, own: string): string | undefined {
  if (platform === '' || (SPELLINGS[platform] ?? platform) === own) return undefined;
  return `FROM --platform=${platform} cannot be built here: this machine builds for ${own} alone, without emulation`;
}

/** What names an image or a platform. */
function expandedName(written: string, globals: Scope, rules: WordRules): string {
  const name = readWord(written, globals, rules);
  if (name.length <= NAME_LIMIT_CHARS) return name;
  throw new BuildFailed('source', `the name ${name.slice(0, 60)}… is longer than ${NAME_LIMIT_CHARS} characters`);
}

/** The place of the stage to build; the last one where none is asked for. */
function targetPlace(stages: Stages, target: string | undefined, path: string): number {
  const place = target === undefined ? stages.list.length - 1 : stages.find(target);
  if (place !== undefined) return place;
  const names = stages.list.flatMap(({ name }) => name ?? []);
  const there = names.length === 0 ? 'its stages have no names' : `its stages are ${names.slice(0, 20).join(', ')}`;
  throw new BuildFailed('source', `${path} has no stage ${target}, which is the build's target; ${there}`);
}

function shadowedNames({ list }: Stages): BaseName[] {
  const names = new Set(list.flatMap(({ name }) => name ?? []));
  return list
    .filter(({ base, parent }) => parent === undefined && base !== 'scratch' && names.has(familiarName(base)))
    .map(({ base, from: { parts, rest, restAt } }) => {
      return { image: base, places: placesOf(parts, restAt, restAt + rest.search(/[\t\v\f\r ]|$/)) };
    });
}

function refuseAbove(count: number, what: string): void {
  if (count > NAMES_LIMIT) throw new BuildFailed('source', `the Dockerfile names more than ${NAMES_LIMIT} ${what}`);
}

type Place = Pick<Instruction, 'firstLine' | 'lastLine'>;
type LinesOf = (place: Place) => DockerfileLines;

/** Gives a failure the lines of the instruction that it is about. */
function blaming<T>(linesOf: LinesOf, place: Place, act: () => T): T {
  try {
    return act();
  } catch (error) {
    const failure =
      error instanceof WordError ? new BuildFailed('source', `the Dockerfile cannot be read: ${error.message}`) : error;
    if (failure instanceof BuildFailed) failure.dockerfile = linesOf(place);
    throw failure;
  }
}

function fail(words: string): never {
  throw new BuildFailed('source', words);
}

function splitAtEquals(text: string): [string, string] {
  const at = text.indexOf('=');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
