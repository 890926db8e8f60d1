import { setImmediate as yieldToOthers } from 'node:timers/promises';
import type { LogReader, RunRow } from '@slipway/logbook';

/** Consecutive lines of a log with the same stage, step and attempt. */
export interface LogStretch {
  stage: string;
  /** 0 means outside any step. */
  step: number;
  attempt: number;
  firstLine: number;
  lineCount: number;
  /** The times of its first line, and of the last one with a known time. Undefined if unknown. */
  startMs: number | undefined;
  endMs: number | undefined;
}

const MANY_RUNS = 512;

/** The stretches of a log in order, from its index. Lets others work in between: a large log has many runs. */
export async function listStretches(log: Pick<LogReader, 'runs'>): Promise<LogStretch[]> {
  const stretches: LogStretch[] = [];
  for await (const runs of log.runs()) {
    for (const run of runs) addRun(stretches, run);
    if (runs.length >= MANY_RUNS) await yieldToOthers();
  }
  return stretches;
}

function addRun(stretches: LogStretch[], run: RunRow): void {
  const { stage, step, attempt, firstLine, lineCount, timeMs: knownMs } = run;
  const timeMs = knownMs === 0 ? undefined : knownMs;
  const last = stretches.at(-1);
  if (last?.stage === stage && last.step === step && last.attempt === attempt) {
    last.lineCount += lineCount;
    last.endMs = timeMs ?? last.endMs;
  } else {
    stretches.push({ stage, step, attempt, firstLine, lineCount, startMs: timeMs, endMs: timeMs });
  }
}
