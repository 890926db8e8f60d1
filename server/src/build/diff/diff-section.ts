import type { ConfinedWork } from '#confined/confined-work.ts';
import { type BuildStep, shownStep } from '../build-step.ts';
import type { LogStretch } from '../logs/log-stretches.ts';
import { comparableLine } from './diff-line.ts';

/** Consecutive lines of a log, inclusive. */
export interface LineRange {
  firstLine: number;
  lastLine: number;
}

/** The lines of a log that belong together: of a step, or a stage's lines before, after or without steps. */
export interface DiffSection {
  stage: string;
  /** 0 means none. */
  step: number;
  /** In words. */
  place: string | undefined;
  instruction: string | undefined;
  cached: boolean;
  exitCode: number | undefined;
  /** Undefined for lines outside steps, and for a step without an end. */
  durationMs?: number | undefined;
  /** In order. Steps that ran in parallel have several. */
  ranges: LineRange[];
}

/** Two corresponding sections, or one that the other log lacks. */
export interface SectionPair {
  build: DiffSection | undefined;
  other: DiffSection | undefined;
}

/**
 * The sections of a log: each stage's lines before its steps; the steps in the order of the Dockerfile, even if they ran in
 * parallel; and the stage's other lines, between and after steps.
 */
export function listDiffSections(stretches: readonly LogStretch[], steps: readonly BuildStep[]): DiffSection[] {
  const known = new Map(steps.map((step) => [step.step, step]));
  const found = new Map<string, { section: DiffSection; order: number[] }>();
  const stages: string[] = [];
  const stagesWithSteps = new Set<string>();
  for (const stretch of stretches) {
    if (!stages.includes(stretch.stage)) stages.push(stretch.stage);
    if (stretch.step > 0) stagesWithSteps.add(stretch.stage);
    const place = stretch.step > 0 ? 'step' : stagesWithSteps.has(stretch.stage) ? 'after' : 'before';
    const key = `${stretch.stage} ${place} ${stretch.step}`;
    const step = known.get(stretch.step);
    const order = [
      stages.indexOf(stretch.stage),
      PLACES.indexOf(place),
      step?.stage ?? 0,
      step?.number ?? 0,
      stretch.step,
    ];
    const { section } = found.get(key) ?? { section: sectionOf(stretch, step) };
    found.set(key, { section, order });
    addRange(section.ranges, { firstLine: stretch.firstLine, lastLine: stretch.firstLine + stretch.lineCount - 1 });
  }
  return [...found.values()].toSorted((a, b) => compareOrder(a.order, b.order)).map(({ section }) => section);
}

const PLACES = ['before', 'step', 'after'];

function sectionOf({ stage, step }: LogStretch, known: BuildStep | undefined): DiffSection {
  const { instruction, cached = false, exitCode, startedMs = 0, endedMs } = known ?? {};
  const durationMs = endedMs === undefined ? undefined : endedMs - startedMs;
  return { stage, step, place: known && shownStep(known), instruction, cached, exitCode, durationMs, ranges: [] };
}

function addRange(ranges: LineRange[], range: LineRange): void {
  const last = ranges.at(-1);
  if (last?.lastLine === range.firstLine - 1) last.lastLine = range.lastLine;
  else ranges.push(range);
}

function compareOrder(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}

/** What identifies a section. */
type SectionKey = Pick<DiffSection, 'stage' | 'step' | 'instruction'>;
/** Indexes of corresponding sections in the two lists; null if one list has none. */
type PairedSections = [build: number | null, other: number | null];

/** If there are more pairs of sections than this between the first and last difference, none of them are paired. */
const PAIRS_LIMIT = 1_000_000;

/** Aligns two logs by their longest common sequence of steps. Sections that differ are in separate pairs. */
export async function alignSections(
  work: ConfinedWork,
  build: readonly DiffSection[],
  other: readonly DiffSection[],
): Promise<SectionPair[]> {
  const input = { build: build.map(keyOf), other: other.map(keyOf) };
  const places = await work.run({ module: import.meta.url, run: pairSections }, input);
  return places.map(([i, j]) => ({
    build: i === null ? undefined : build[i],
    other: j === null ? undefined : other[j],
  }));
}

/** The part of `alignSections` that runs in the confined process. */
export function pairSections(input: { build: SectionKey[]; other: SectionKey[] }): PairedSections[] {
  const [build, other] = [input.build.map(comparable), input.other.map(comparable)];
  const least = Math.min(build.length, other.length);
  let start = 0;
  while (start < least && build[start] === other[start]) start++;
  let tail = 0;
  while (tail < least - start && build.at(-1 - tail) === other.at(-1 - tail)) tail++;
  const [buildEnd, otherEnd] = [build.length - tail, other.length - tail];
  return [
    ...Array.from({ length: start }, (_, i): PairedSections => [i, i]),
    ...pairBetween(build.slice(start, buildEnd), other.slice(start, otherEnd)).map(
      ([i, j]): PairedSections => [i === null ? null : i + start, j === null ? null : j + start],
    ),
    ...Array.from({ length: tail }, (_, i): PairedSections => [buildEnd + i, otherEnd + i]),
  ];
}

function pairBetween(keys: readonly string[], otherKeys: readonly string[]): PairedSections[] {
  const width = otherKeys.length + 1;
  const isAligned = keys.length * otherKeys.length <= PAIRS_LIMIT;
  // common[i * width + j]: how many sections the lists from i and from j on have in common.
  const common = new Uint32Array(isAligned ? (keys.length + 1) * width : 0);
  for (let i = isAligned ? keys.length - 1 : -1; i >= 0; i--) {
    for (let j = otherKeys.length - 1; j >= 0; j--) {
      const [down, right] = [common[(i + 1) * width + j] ?? 0, common[i * width + j + 1] ?? 0];
      const both = (common[(i + 1) * width + j + 1] ?? 0) + 1;
      common[i * width + j] = keys[i] === otherKeys[j] ? both : Math.max(down, right);
    }
  }
  const pairs: PairedSections[] = [];
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
