import { setImmediate as yieldToOthers } from 'node:timers/promises';
import type { Logbook, RunRow } from '@slipway/logbook';
import type { Stage } from '#build/build.ts';
import { type BuildStep, spokenPlace } from '#build/build-step.ts';

/** A section of a log: consecutive lines with the same stage, step and attempt. */
export interface LogSection {
  stage: Stage;
  /** 0 means outside any step. */
  step: number;
  attempt: number;
  firstLine: number;
  lineCount: number;
  /** The times of its first line, and of the last one with a known time. Undefined if unknown. */
  startMs: number | undefined;
  endMs: number | undefined;
  /** The instruction that the builder announced in the first line. */
  instruction: string | undefined;
  /** The step's position, in words. */
  place: string | undefined;
  /** The platform that the step runs on, if known. */
  platform: string | undefined;
}

const RUNS_AT_ONCE = 1024;

/** The sections of a log in order, from its index and the build's recorded steps. */
export async function listSections(logbook: Logbook, id: string, steps: readonly BuildStep[]): Promise<LogSection[]> {
  const known = new Map(steps.map((step) => [step.step, step]));
  const sections: LogSection[] = [];
  let seen = 0;
  for (const run of logbook.runs(id)) {
    const last = sections.at(-1);
    if (last && last.stage === run.stage && last.step === run.step && last.attempt === run.attempt) extend(last, run);
    else sections.push(begin(run, known.get(run.step)));
    seen += 1;
    if (seen % RUNS_AT_ONCE === 0) await yieldToOthers();
  }
  return sections;
}

function begin(run: RunRow, step: BuildStep | undefined): LogSection {
  const timeMs = run.timeMs === 0 ? undefined : run.timeMs;
  return {
    // To a log, stages are just names. A build's logs have only these.
    stage: run.stage as Stage,
    step: run.step,
    attempt: run.attempt,
    firstLine: run.firstLine,
    lineCount: run.lineCount,
    startMs: timeMs,
    endMs: timeMs,
    instruction: step?.instruction,
    place: step && spokenPlace(step),
    platform: step?.platform,
  };
}

function extend(section: LogSection, run: RunRow): void {
  section.lineCount += run.lineCount;
  if (run.timeMs !== 0) section.endMs = run.timeMs;
}
