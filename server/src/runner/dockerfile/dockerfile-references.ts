import { BuildFailed } from '../failure/build-failed.ts';
import type { Instruction } from './dockerfile-instruction.ts';
import { flagValues, mountFields } from './dockerfile-instruction.ts';
import type { TextEdit } from './dockerfile-places.ts';
import { hasUsualFoldersAlone, readDeviation } from './dockerfile-reference.ts';
import { declareInStage, expandedOrNone, Scope } from './dockerfile-scope.ts';
import type { Stage, StageImage, Stages } from './dockerfile-stages.ts';
import type { Values, WordRules } from './dockerfile-words.ts';

/** More than the number of layers or bases of any image. */
export const INSTRUCTIONS_LIMIT = 5000;

/** The sources of a Dockerfile's values. */
export interface DockerfileValues {
  /** The target platform. */
  platform: string;
  /** ARG before the first FROM. */
  globals: Scope;
  /** The build's own arguments. */
  given: ReadonlyMap<string, string>;
  rules: WordRules;
}

/** The failure of a Dockerfile with too many instructions. */
export function tooMany(who: string): BuildFailed {
  return new BuildFailed(
    'dockerfile-limit',
    `${who} instructions; ${INSTRUCTIONS_LIMIT} is the limit for a Dockerfile`,
  );
}

/**
 * Records for each stage which other stages, images and secrets its instructions name. Returns what the
 * builder reads otherwise.
 */
export function resolveReferences(
  stages: Stages,
  values: DockerfileValues,
  blaming: (instruction: Instruction, act: () => void) => void,
): TextEdit[] {
  const edits: TextEdit[] = [];
  const scopes: Scope[] = [];
  let count = 0;
  for (const stage of stages.list) {
    const scope = new Scope(stage.parent === undefined ? undefined : scopes[stage.parent]);
    const parent = stage.parent === undefined ? undefined : stages.list[stage.parent];
    stage.isBare = parent?.isBare ?? hasUsualFoldersAlone(stage.base);
    const { firstLine, lastLine } = stage.from;
    const added = (parent?.triggers ?? []).map((trigger) => ({ ...trigger, parts: [], firstLine, lastLine }));
    count += added.length + stage.body.length;
    if (count > INSTRUCTIONS_LIMIT) throw tooMany(`with the lines that ONBUILD adds, the Dockerfile has ${count}`);
    for (const instruction of [...added, ...stage.body])
      blaming(instruction, () => {
        declareInStage(instruction, scope, values.globals, values.given, values.rules);
        resolve(instruction, stage, stages, scope, values);
        stage.hasSteps ||= instruction.keyword === 'RUN';
        edits.push(...readDeviation(instruction, stage, values.rules.escapeSign));
      });
    scopes.push(scope);
  }
  return edits;
}

function resolve(
  instruction: Instruction,
  stage: Stage,
  stages: Stages,
  scope: Values,
  { rules, platform }: DockerfileValues,
): void {
  const nameSource = (name: string) => addSource(name, stage, stages, { platform, isBase: false, instruction });
  if (instruction.keyword === 'COPY')
    for (const name of flagValues(instruction, 'from')) {
      const number = stageNumber(name);
      if (number === undefined) nameSource(name);
      else if (stages.list[number]) stage.needs.add(number);
    }
  if (instruction.keyword !== 'RUN') return;
  for (const mount of flagValues(instruction, 'mount')) {
    const fields = mountFields(mount);
    const name = fields.get('from') ?? '';
    if (stages.list[Number(name || Number.NaN)]) stage.problem ??= { words: numberedMount(name), at: instruction };
    else nameSource(name);
    const secretId = secretOf(fields, scope, rules);
    if (secretId !== undefined) stage.secretIds.add(secretId);
  }
}

/** The place of a stage that COPY names by number; undefined for a name. */
export function stageNumber(name: string): number | undefined {
  return /^[+-]?\d{1,5}$/.test(name) ? Number(name) : undefined;
}

/**
 * The source of a copy or mount: a stage anywhere in the file, or else an image for the target platform. The builder
 * expands no variables there.
 */
function addSource(name: string, stage: Stage, stages: Stages, named: Omit<StageImage, 'image'>): void {
  if (name === '' || name === 'scratch' || name.includes('$')) return;
  const place = stages.find(name);
  if (place !== undefined) stage.needs.add(place);
  else stage.images.push({ image: name, ...named });
}

function numberedMount(name: string): string {
  return `RUN --mount=from=${name} cannot be built: a mount refers to a stage by name, not by number; name the stage (FROM … AS a-name) and write from=a-name`;
}

/**
 * Without an id, it is the last part of the target
 * (https://docs.docker.com/reference/dockerfile/#run---mounttypesecret).
 */
function secretOf(fields: ReadonlyMap<string, string>, scope: Values, rules: WordRules): string | undefined {
  const of = (...names: string[]) => {
    const written = names.flatMap((name) => fields.get(name) ?? []).at(-1);
    return written === undefined ? undefined : expandedOrNone(written, scope, rules);
  };
  if (of('type')?.toLowerCase() !== 'secret') return undefined;
  const id = of('source', 'src') || of('id') || of('target', 'dst', 'destination')?.split('/').at(-1);
  return id || undefined;
}
