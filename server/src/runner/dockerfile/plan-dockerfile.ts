import type { DockerfileLines } from '#build/build.ts';
import type { FailureKind } from '#build/failure/failure-kind.ts';
import { familiarName } from '#build/familiar-name.ts';
import { findPlatform } from '#platform/platform.ts';
import { BuildFailed } from '../failure/build-failed.ts';
import { type AddedInstructions, recordAddedSources } from './added-instructions.ts';
import { foreignSyntaxLine } from './dockerfile-directives.ts';
import { flagValues, type Instruction, plainArguments } from './dockerfile-instruction.ts';
import { cutLines } from './dockerfile-lines.ts';
import { parseDockerfile } from './dockerfile-parser.ts';
import { Patterns } from './dockerfile-pattern.ts';
import { placesOf } from './dockerfile-places.ts';
import type { BaseName, DockerfilePlan, NamedImage, SourceDockerfile } from './dockerfile-plan.ts';
import { eachOnce, mergePlans, unknownPlatform } from './dockerfile-platforms.ts';
import { type DockerfileValues, INSTRUCTIONS_LIMIT, resolveReferences, tooMany } from './dockerfile-references.ts';
import { declareGlobal, globalScope, type Scope } from './dockerfile-scope.ts';
import { Stages } from './dockerfile-stages.ts';
import { readWord, type WordRules } from './dockerfile-words.ts';
import { WordError } from './word-error.ts';

/** The build options that decide which parts of its Dockerfile apply. */
export interface AskedOfDockerfile {
  /** The name of the stage to build; undefined means the last one. */
  target?: string | undefined;
  /** Names of stages or images that build contexts replace, as the builder calls them. */
  contexts?: readonly string[] | undefined;
  /** The instructions of the images that are known so far: they may need further stages. */
  added?: readonly AddedInstructions[] | undefined;
}

export interface PlanInput {
  dockerfile: SourceDockerfile;
  buildArgs: readonly string[];
  platforms: readonly string[];
  asked: AskedOfDockerfile;
}
export type PlanAnswer =
  | { plan: DockerfilePlan }
  | { refusal: string; kind: FailureKind; lines: DockerfileLines | undefined };

const NAMES_LIMIT = 200;
const NAME_LIMIT_CHARS = 1024;

/** The pure function behind `planDockerfile`. */
export function planOrRefusal({ dockerfile, buildArgs, platforms, asked }: PlanInput): PlanAnswer {
  try {
    return { plan: plan(dockerfile, buildArgs, platforms, asked) };
  } catch (error) {
    if (!(error instanceof BuildFailed)) throw error;
    return { refusal: error.message, kind: error.kind, lines: error.dockerfile };
  }
}

function plan(
  { path, text }: SourceDockerfile,
  buildArgs: readonly string[],
  platforms: readonly string[],
  { target, contexts = [], added = [] }: AskedOfDockerfile,
): DockerfilePlan {
  const lines = text.split(/\r?\n/);
  const linesOf: LinesOf = (place) => cutLines(path, lines, place);
  refuseForeignSyntax(lines, path, linesOf);
  const patterns = new Patterns();
  const parsed = parseDockerfile(text, INSTRUCTIONS_LIMIT, patterns);
  if (parsed.count > INSTRUCTIONS_LIMIT) throw tooMany(`${path} has ${parsed.count}`);
  const given = new Map(buildArgs.map((argument) => splitAtEquals(argument)));
  const rules = { escapeSign: parsed.escapeSign, patterns };
  const merged = mergePlans(
    platforms.map((platform) => {
      const values = { platform, globals: globalScope(given, platform), given, rules };
      const targetOf = (stages: Stages) => targetPlace(stages, target, path);
      return planFor(values, parsed.instructions, linesOf, { targetOf, contexts: new Set(contexts), added });
    }),
  );
  refuseAbove(merged.images.length, 'images');
  return merged;
}

/** What a Dockerfile needs for one platform. */
function planFor(
  values: DockerfileValues,
  instructions: readonly Instruction[],
  linesOf: LinesOf,
  {
    targetOf,
    contexts,
    added,
  }: {
    targetOf: (stages: Stages) => number;
    contexts: ReadonlySet<string>;
    added: readonly AddedInstructions[];
  },
): DockerfilePlan {
  const stages = new Stages();
  for (const instruction of instructions)
    blaming(linesOf, instruction, () => readInstruction(instruction, stages, values));
  if (stages.newest === undefined) throw new BuildFailed('dockerfile-syntax', 'the Dockerfile has no FROM instruction');
  const edits = resolveReferences(stages, values, (instruction, act) => blaming(linesOf, instruction, act));
  recordAddedSources(stages, added, values.rules.patterns);
  replaceStages(stages, contexts);
  const needed = stages.needed(targetOf(stages));
  for (const { problem } of needed) if (problem) blaming(linesOf, problem.at, () => fail(problem.words));
  const named = eachOnce(needed.flatMap((stage) => stage.images)).map(({ instruction, ...image }) => {
    return { ...image, dockerfile: linesOf(instruction) };
  });
  const isContext = ({ image }: NamedImage) => contexts.has(familiarName(image));
  const secretIds = new Set(needed.flatMap((stage) => [...stage.secretIds]));
  refuseAbove(secretIds.size, 'secrets');
  return {
    images: named.filter((image) => !isContext(image)),
    contexts: named.filter(isContext).map((image) => ({ ...image, image: familiarName(image.image) })),
    sources: needed.flatMap((stage) => stage.sources).map(({ path, at }) => ({ path, dockerfile: linesOf(at) })),
    secretIds: [...secretIds],
    stages: stages.list.map(({ name, platform, base, parent }) => {
      return { name, platform, startsFromImage: parent === undefined && base !== 'scratch' };
    }),
    stepPlatforms: needed.filter(({ hasSteps }) => hasSteps).map(({ platform }) => platform),
    shadowed: shadowedNames(stages),
    edits,
  };
}

/** A stage with the name of a context is replaced by that context, and its content is ignored. */
function replaceStages({ list }: Stages, contexts: ReadonlySet<string>): void {
  for (const stage of list) {
    if (stage.name === undefined || !contexts.has(stage.name)) continue;
    stage.needs.clear();
    stage.secretIds.clear();
    stage.sources.length = 0;
    stage.problem = undefined;
    stage.hasSteps = false;
    stage.images.splice(0, stage.images.length, {
      image: stage.name,
      platform: stage.platform,
      isBase: true,
      instruction: stage.from,
    });
  }
}

/** The builder would let another program read the file, which Slipway does not allow. */
function refuseForeignSyntax(lines: readonly string[], path: string, linesOf: LinesOf): void {
  const at = foreignSyntaxLine(lines);
  if (at === undefined) return;
  const words = `${path} asks in line ${at + 1} (// syntax=) for a frontend of another language; Slipway builds only Dockerfiles`;
  blaming(linesOf, { firstLine: at + 1, lastLine: at + 1 }, () => fail(words));
}

/** Records a FROM, or an ARG before the first FROM; the lines after a FROM are kept with its stage. */
function readInstruction(instruction: Instruction, stages: Stages, values: DockerfileValues): void {
  const { globals, given, rules } = values;
  if (instruction.keyword === 'FROM') addStage(instruction, stages, values);
  else if (stages.newest) stages.newest.add(instruction, rules.escapeSign);
  else if (instruction.keyword === 'ARG') declareGlobal(instruction, globals, given, rules);
}

function addStage(from: Instruction, stages: Stages, { globals, rules, platform }: DockerfileValues): void {
  const [written = '', as, alias] = plainArguments(from);
  const base = expandedName(written, globals, rules);
  const isOtherCase = stages.find(base) !== undefined && base !== base.toLowerCase();
  const asked = base === 'scratch' ? '' : expandedName(flagValues(from, 'platform')[0] ?? '', globals, rules);
  const own = asked === '' ? platform : findPlatform(asked);
  const stage = stages.add(as?.toUpperCase() === 'AS' ? alias : undefined, base, from, own ?? platform);
  const why = written === '' ? '' : ': an ARG in it has no value';
  const problem =
    base === ''
      ? `FROM ${written.slice(0, 200)} names no image${why}`
      : isOtherCase
        ? `FROM ${base} names no stage: write its name in lower case, FROM ${base.toLowerCase()}`
        : own === undefined
          ? unknownPlatform(asked)
          : undefined;
  if (problem !== undefined) stage.problem = { words: problem, at: from };
  if (base === '' || base === 'scratch' || stage.parent !== undefined) return;
  stage.images.push({ image: base, platform: stage.platform, isBase: true, instruction: from });
}

/** Expands the name of an image or a platform. */
function expandedName(written: string, globals: Scope, rules: WordRules): string {
  const name = readWord(written, globals, rules);
  if (name.length <= NAME_LIMIT_CHARS) return name;
  throw new BuildFailed(
    'dockerfile-limit',
    `the name ${name.slice(0, 60)}… is longer than ${NAME_LIMIT_CHARS} characters`,
  );
}

/** The index of the stage to build; the last one if none was requested. */
function targetPlace(stages: Stages, target: string | undefined, path: string): number {
  const place = target === undefined ? stages.list.length - 1 : stages.find(target);
  if (place !== undefined) return place;
  const names = stages.list.flatMap(({ name }) => name ?? []);
  const there = names.length === 0 ? 'its stages have no names' : `its stages are ${names.slice(0, 20).join(', ')}`;
  throw new BuildFailed(
    'dockerfile-target-missing',
    `${path} has no stage ${target}, which is the target of the build; ${there}`,
  );
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
  if (count > NAMES_LIMIT)
    throw new BuildFailed('dockerfile-limit', `the Dockerfile names more than ${NAMES_LIMIT} ${what}`);
}

type LineRange = Pick<Instruction, 'firstLine' | 'lastLine'>;
type LinesOf = (range: LineRange) => DockerfileLines;

/** Adds the lines of the instruction to a failure. */
function blaming<T>(linesOf: LinesOf, range: LineRange, act: () => T): T {
  try {
    return act();
  } catch (error) {
    const failure =
      error instanceof WordError
        ? new BuildFailed('dockerfile-syntax', `the Dockerfile cannot be read: ${error.message}`)
        : error;
    if (failure instanceof BuildFailed) failure.dockerfile = linesOf(range);
    throw failure;
  }
}

function fail(words: string): never {
  throw new BuildFailed('dockerfile-syntax', words);
}

function splitAtEquals(text: string): [string, string] {
  const at = text.indexOf('=');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
