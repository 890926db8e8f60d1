import type { BuildDetail, Section, Step } from '../../api/build.ts';
import { stageName } from '../../log/folds.ts';

/** A bar of the timeline. Times in ms since 1970. */
export interface WaterfallRow {
  key: string;
  kind: 'wait' | 'stage' | 'group' | 'step';
  label: string;
  startMs: number;
  /** Undefined while it runs. */
  endMs: number | undefined;
  state: 'done' | 'cached' | 'failed' | 'cancelled' | 'running';
  /** Its first line in the log. */
  line: number | undefined;
}

/** A shorter wait is only the time that it takes to claim a build. */
const SHOWN_WAIT_MS = 500;

/**
 * The rows in order: the wait, then each stage, with the steps below the stage that builds. If the Dockerfile has several stages
 * or platforms, which run side by side, the steps of each are together below a row that spans them.
 */
export function waterfallRows(
  build: BuildDetail,
  sections: readonly Section[],
  steps: readonly Step[],
): WaterfallRow[] {
  const rows: WaterfallRow[] = [];
  const { StartTime: startMs, CreateTime: createMs } = build;
  if (startMs === undefined || startMs - createMs > SHOWN_WAIT_MS) {
    const endMs = startMs ?? build.EndTime;
    const state = endMs === undefined ? 'running' : 'done';
    rows.push({ key: 'wait', kind: 'wait', label: 'Queue', startMs: createMs, endMs, state, line: undefined });
  }
  const stages = stagesOf(sections);
  for (const [index, stage] of stages.entries()) {
    const isLast = index === stages.length - 1;
    const endMs = isLast ? build.EndTime : stage.endMs;
    rows.push({
      key: `stage-${index}`,
      kind: 'stage',
      label: stageName(stage.name),
      startMs: stage.startMs,
      endMs,
      state: isLast ? lastState(build, endMs) : 'done',
      line: stage.firstLine,
    });
    if (stage.name === 'DOCKER_IMAGE_BUILD') rows.push(...stepRows(steps, build));
  }
  return rows;
}

/** The state of what was going on when a build ended, or still is. */
function lastState({ Status: status }: BuildDetail, endMs: number | undefined): WaterfallRow['state'] {
  if (status === 'FAILED') return 'failed';
  if (status === 'CANCELED') return 'cancelled';
  return endMs === undefined ? 'running' : 'done';
}

function stepRows(steps: readonly Step[], build: BuildDetail): WaterfallRow[] {
  const groups = Map.groupBy(steps, (step) => `${step.Platform ?? ''} ${step.Stage}`);
  if (groups.size <= 1) return steps.map((step) => stepRow(step, build, steps));
  return [...groups].flatMap(([key, group]) => {
    const rows = group.map((step) => stepRow(step, build, steps));
    return [groupRow(key, group, rows), ...rows];
  });
}

/** A row over the steps of a stage of the Dockerfile. */
function groupRow(key: string, steps: readonly Step[], rows: readonly WaterfallRow[]): WaterfallRow {
  const [{ Platform: platform, Stage: stage, StageCount: count }] = steps as [Step];
  const ends = rows.map((row) => row.endMs);
  const worst = (['failed', 'cancelled', 'running'] as const).find((state) => rows.some((row) => row.state === state));
  const isCached = rows.every((row) => row.state === 'cached');
  return {
    key: `group-${key}`,
    kind: 'group',
    label: [...(count > 1 ? [`Stage ${stage}/${count}`] : []), ...(platform ? [platform] : [])].join(', '),
    startMs: Math.min(...rows.map((row) => row.startMs)),
    endMs: ends.includes(undefined) ? undefined : Math.max(...ends.map((endMs) => endMs ?? 0)),
    state: worst ?? (isCached ? 'cached' : 'done'),
    line: rows[0]?.line,
  };
}

function stepRow(step: Step, build: BuildDetail, steps: readonly Step[]): WaterfallRow {
  const endMs = step.EndTime ?? build.EndTime;
  return {
    key: `step-${step.Step}`,
    kind: 'step',
    label: step.Instruction,
    startMs: step.StartTime,
    endMs,
    state: stepState(step, build, steps, endMs),
    line: step.FirstLine,
  };
}

function stepState(
  step: Step,
  build: BuildDetail,
  steps: readonly Step[],
  endMs: number | undefined,
): WaterfallRow['state'] {
  if (step.Cached) return 'cached';
  if (step.EndTime !== undefined && step.ExitCode === 0) return 'done';
  // Without an exit code, it did not end by itself: the build was cancelled, or another step failed beside it.
  const isStopped = step.ExitCode === undefined && steps.some(({ ExitCode: code = 0 }) => code !== 0);
  return build.Status === 'FAILED' && isStopped ? 'cancelled' : lastState(build, endMs);
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
