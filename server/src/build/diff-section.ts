import type { RunRow } from '@slipway/logbook';
import type { ConfinedWork } from '#confined/confined-work.ts';
import type { BuildStep } from './build-step.ts';
import { comparableLine } from './diff-line.ts';

/** A stretch of a log that stands for one thing: a step, or what a stage says before, after or without steps. */
export interface DiffSection {
  stage: string;
  /** 0 is none. */
  step: number;
  instruction: string | undefined;
  cached: boolean;
  exitCode: number | undefined;
  firstLine: number;
  lastLine: number;
}

/** Two sections that stand for the same thing, or one that the other log has not. */
export interface SectionPair {
  build: DiffSection | undefined;
  other: DiffSection | undefined;
}

/** The sections of a log in order. */
export function listDiffSections(runs: Iterable<RunRow>, steps: readonly BuildStep[]): DiffSection[] {
  const known = new Map(steps.map((step) => [step.step, step]));
  const sections: DiffSection[] = [];
  for (const run of runs) {
    const lastLine = run.firstLine + run.lineCount - 1;
    const newest = sections.at(-1);
    if (newest?.stage === run.stage && newest.step === run.step) newest.lastLine = lastLine;
    else {
      const step = known.get(run.step);
      sections.push({
        stage: run.stage,
        step: run.step,
        instruction: step?.instruction,
        cached: step?.cached ?? false,
        exitCode: step?.exitCode,
        firstLine: run.firstLine,
        lastLine,
      });
    }
  }
  return sections;
}

/** What a section is known by. */
type SectionKey = Pick<DiffSection, 'stage' | 'step' | 'instruction'>;
/** Places in the two lists that belong together; null where one has nothing there. */
type PairedPlaces = [build: number | null, other: number | null];

/** Above so many pairs of sections between the first and the last difference, nothing there is taken for the same. */
const PAIRS_LIMIT = 1_000_000;

/** Aligns two logs by their longest common sequence of steps; where they part, both sides stand in one pair each. */
export async function alignSections(
  work: ConfinedWork,
  build: readonly DiffSection[],
  other: readonly DiffSection[],
): Promise<SectionPair[]> {
  const input = { build: build.map(keyOf), other: other.map(keyOf) };
  const places = await work.run({ module: import.meta.url, run: pairPlaces }, input);
  return places.map(([i, j]) => ({
    build: i === null ? undefined : build[i],
    other: j === null ? undefined : other[j],
  }));
}

/** What `alignSections` does, as a function of values. */
export function pairPlaces(input: { build: SectionKey[]; other: SectionKey[] }): PairedPlaces[] {
  const [build, other] = [input.build.map(comparable), input.other.map(comparable)];
  const least = Math.min(build.length, other.length);
  let start = 0;
  while (start < least && build[start] === other[start]) start++;
  let tail = 0;
  while (tail < least - start && build.at(-1 - tail) === other.at(-1 - tail)) tail++;
  const [buildEnd, otherEnd] = [build.length - tail, other.length - tail];
  return [
    ...Array.from({ length: start }, (_, i): PairedPlaces => [i, i]),
    ...pairBetween(build.slice(start, buildEnd), other.slice(start, otherEnd)).map(
      ([i, j]): PairedPlaces => [i === null ? null : i + start, j === null ? null : j + start],
    ),
    ...Array.from({ length: tail }, (_, i): PairedPlaces => [buildEnd + i, otherEnd + i]),
  ];
}

function pairBetween(keys: readonly string[], otherKeys: readonly string[]): PairedPlaces[] {
  const width = otherKeys.length + 1;
  const isAligned = keys.length * otherKeys.length <= PAIRS_LIMIT;
  // common[i * width + j]: how many sections the rests from i and from j have in common.
  const common = new Uint32Array(isAligned ? (keys.length + 1) * width : 0);
  for (let i = isAligned ? keys.length - 1 : -1; i >= 0; i--) {
    for (let j = otherKeys.length - 1; j >= 0; j--) {
      const [down, right] = [common[(i + 1) * width + j] ?? 0, common[i * width + j + 1] ?? 0];
      const both = (common[(i + 1) * width + j + 1] ?? 0) + 1;
      common[i * width + j] = keys[i] === otherKeys[j] ? both : Math.max(down, right);
    }
  }
  const pairs: PairedPlaces[] = [];
  let [i, j] = [0, 0];
  while (i < keys.length || j < otherKeys.length) {
    if (isAligned && i < keys.length && j < otherKeys.length && keys[i] === otherKeys[j]) {
      pairs.push([i++, j++]);
      continue;
    }
    const takesBuild =
      j === otherKeys.length ||
      (i < keys.length && (common[(i + 1) * width + j] ?? 0) >= (common[i * width + j + 1] ?? 0));
    pairs.push(takesBuild ? [i++, null] : [null, j++]);
  }
  return pairs;
}

function keyOf({ stage, step, instruction }: DiffSection): SectionKey {
  return { stage, step, instruction };
}

function comparable({ stage, step, instruction }: SectionKey): string {
  return `${stage} ${step === 0 ? '' : comparableLine(instruction ?? String(step))}`;
}
