import type { BuildDetail, Section, Step } from '../../api/build.ts';
import { stageName } from '../../log/folds.ts';

/** A bar of the waterfall. Times in ms since 1970. */
export interface WaterfallRow {
  key: string;
  kind: 'wait' | 'stage' | 'step';
  label: string;
  startMs: number;
  /** Undefined while it runs. */
  endMs: number | undefined;
  state: 'done' | 'cached' | 'failed' | 'running';
  /** Its first line in the log. */
  line: number | undefined;
}

/** The rows in order: the wait, then each stage, with the steps below the stage that builds. */
export function waterfallRows(
  build: BuildDetail,
  sections: readonly Section[],
  steps: readonly Step[],
): WaterfallRow[] {
  const rows: WaterfallRow[] = [];
  const { StartTime: startMs, CreateTime: createMs } = build;
  if (startMs === undefined || startMs - createMs > 500) {
    rows.push({
      key: 'wait',
      kind: 'wait',
      label: 'Waiting',
      startMs: createMs,
      endMs: startMs ?? build.EndTime,
      state: startMs === undefined && build.EndTime === undefined ? 'running' : 'done',
      line: undefined,
    });
  }
  const stages = stagesOf(sections);
  for (const [index, stage] of stages.entries()) {
    const isLast = index === stages.length - 1;
    const endMs = isLast ? build.EndTime : stage.endMs;
    const failed = isLast && build.Status === 'FAILED';
    rows.push({
      key: `stage-${index}`,
      kind: 'stage',
      label: stageName(stage.name),
      startMs: stage.startMs,
      endMs,
      state: failed ? 'failed' : endMs === undefined ? 'running' : 'done',
      line: stage.firstLine,
    });
    if (stage.name === 'DOCKER_IMAGE_BUILD') rows.push(...steps.map((step) => stepRow(step, build)));
  }
  return rows;
}

function stepRow(step: Step, build: BuildDetail): WaterfallRow {
  const endMs = step.EndTime ?? build.EndTime;
  const failed = (step.ExitCode ?? 0) !== 0 || (step.EndTime === undefined && build.Status === 'FAILED');
  return {
    key: `step-${step.Step}`,
    kind: 'step',
    label: `${step.Platform ? `${step.Platform}: ` : ''}${step.Instruction}`,
    startMs: step.StartTime,
    endMs,
    state: failed ? 'failed' : step.Cached ? 'cached' : endMs === undefined ? 'running' : 'done',
    line: step.FirstLine,
  };
}

function stagesOf(sections: readonly Section[]) {
  const stages: { name: string; firstLine: number; startMs: number; endMs: number | undefined }[] = [];
  for (const section of sections) {
    const last = stages.at(-1);
    if (section.StartTime === undefined) continue;
    if (last?.name === section.BuildStage) {
      last.endMs = section.EndTime;
      continue;
    }
    // A stage ends where the next one begins: the time in between is its last work.
    if (last) last.endMs = section.StartTime;
    const { BuildStage: name, FirstLine: firstLine, StartTime: startMs, EndTime: endMs } = section;
    stages.push({ name, firstLine, startMs, endMs });
  }
  return stages;
}
