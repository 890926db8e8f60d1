import type { BuildDetail, Section, Step } from '../../api/build.ts';
import { STATE_WORDS, type State, stageName, stagesOf, stepState } from '../../log/stages.ts';

/** A bar of the timeline. Times in ms since 1970. */
export interface WaterfallRow {
  key: string;
  kind: 'wait' | 'stage' | 'group' | 'step';
  label: string;
  startMs: number;
  /** Undefined while it runs. */
  endMs: number | undefined;
  state: State;
  /** Its first line in the log. */
  line: number | undefined;
}

/** A shorter wait is only the time that it takes to claim a build. */
export const SHOWN_WAIT_MS = 1000;

/** The state of a row in a word; a wait has none. */
export function rowWord({ kind, state }: Pick<WaterfallRow, 'kind' | 'state'>): string {
  return kind === 'wait' ? '' : STATE_WORDS[state];
}

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
  for (const [index, { name, firstLine: line, startMs: stageMs, endMs, state }] of stagesOf(
    sections,
    build,
  ).entries()) {
    if (stageMs === undefined) continue;
    rows.push({ key: `stage-${index}`, kind: 'stage', label: stageName(name), startMs: stageMs, endMs, state, line });
    if (name === 'DOCKER_IMAGE_BUILD') rows.push(...stepRows(steps, build));
  }
  return rows;
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
  const [{ Platform: platform, Stage: number, StageCount: count, StageName: name }] = steps as [Step];
  const stage = `Stage ${number}/${count}${name === undefined ? '' : `: ${name}`}`;
  const ends = rows.map((row) => row.endMs);
  const worst = (['failed', 'cancelled', 'running'] as const).find((state) => rows.some((row) => row.state === state));
  const isCached = rows.every((row) => row.state === 'cached');
  return {
    key: `group-${key}`,
    kind: 'group',
    label: [...(count > 1 ? [stage] : []), ...(platform ? [platform] : [])].join(', '),
    startMs: Math.min(...rows.map((row) => row.startMs)),
    endMs: ends.includes(undefined) ? undefined : Math.max(...ends.map((endMs) => endMs ?? 0)),
    state: worst ?? (isCached ? 'cached' : 'done'),
    line: rows[0]?.line,
  };
}

function stepRow(step: Step, build: BuildDetail, steps: readonly Step[]): WaterfallRow {
  return {
    key: `step-${step.Step}`,
    kind: 'step',
    label: step.Instruction,
    startMs: step.StartTime,
    endMs: step.EndTime ?? build.EndTime,
    state: stepState(step, steps, build),
    line: step.FirstLine,
  };
}
