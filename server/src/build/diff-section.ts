import type { RunRow } from '@slipway/logbook';
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

/** Aligns two logs by their longest common sequence of steps; where they part, both sides stand in one pair each. */
export function alignSections(build: readonly DiffSection[], other: readonly DiffSection[]): SectionPair[] {
  const [keys, otherKeys] = [build.map(keyOf), other.map(keyOf)];
  const width = other.length + 1;
  // common[i * width + j]: how many sections the rests from i and from j have in common.
  const common = new Uint32Array((build.length + 1) * width);
  for (let i = build.length - 1; i >= 0; i--) {
    for (let j = other.length - 1; j >= 0; j--) {
      const [down, right] = [common[(i + 1) * width + j] ?? 0, common[i * width + j + 1] ?? 0];
      const both = (common[(i + 1) * width + j + 1] ?? 0) + 1;
      common[i * width + j] = keys[i] === otherKeys[j] ? both : Math.max(down, right);
    }
  }
  const pairs: SectionPair[] = [];
  let [i, j] = [0, 0];
  while (i < build.length || j < other.length) {
    if (i < build.length && j < other.length && keys[i] === otherKeys[j]) {
      pairs.push({ build: build[i++], other: other[j++] });
      continue;
    }
    const takesBuild =
      j === other.length ||
      (i < build.length && (common[(i + 1) * width + j] ?? 0) >= (common[i * width + j + 1] ?? 0));
    pairs.push(takesBuild ? { build: build[i++], other: undefined } : { build: undefined, other: other[j++] });
  }
  return pairs;
}

function keyOf(section: DiffSection): string {
  return `${section.stage} ${section.step === 0 ? '' : comparableLine(section.instruction ?? String(section.step))}`;
}
