import type { BuildDetail, Section, Step } from '../api/build.ts';

/** How a stage or step went, or goes. */
export type State = 'done' | 'cached' | 'failed' | 'cancelled' | 'running';

/** The state in a word, because a colour alone would not tell everyone; empty for the usual. */
export const STATE_WORDS: Readonly<Record<State, string>> = {
  done: '',
  cached: 'cached',
  failed: 'failed',
  cancelled: 'cancelled',
  running: 'running',
};

/** What the states of its stages and steps depend on. */
export type StagedBuild = Pick<BuildDetail, 'Status' | 'EndTime'>;

/** A stage of a build. Times in ms since 1970. */
export interface Stage {
  name: string;
  firstLine: number;
  startMs: number | undefined;
  /** Undefined while it runs, or if it is not known. */
  endMs: number | undefined;
  state: State;
}

const STAGE_NAMES: Readonly<Record<string, string>> = {
  GIT_CLONE: 'Fetch',
  DOCKER_IMAGE_BUILD: 'Build',
  DOCKER_IMAGE_PUSH: 'Push',
};

/** The name of a stage for people. */
export function stageName(stage: string): string {
  return STAGE_NAMES[stage] ?? stage;
}

/** The stages of a build, in order. Each ends where the next one begins: the time in between is its last work. */
export function stagesOf(sections: readonly Section[], build: StagedBuild): Stage[] {
  const stages: Stage[] = [];
  for (const { BuildStage: name, FirstLine: firstLine, StartTime: startMs, EndTime: endMs } of sections) {
    const last = stages.at(-1);
    if (last?.name === name) {
      last.startMs ??= startMs;
      last.endMs = endMs ?? last.endMs;
      continue;
    }
    if (last) last.endMs = startMs ?? last.endMs;
    stages.push({ name, firstLine, startMs, endMs, state: 'done' });
  }
  const last = stages.at(-1);
  if (last) {
    last.endMs = build.EndTime;
    last.state = lastState(build);
  }
  return stages;
}

/** The state of a step; `steps` are all those of its build. */
export function stepState(step: Step, steps: readonly Step[], build: StagedBuild): State {
  const { Cached: isCached, EndTime: endMs, ExitCode: code } = step;
  if (isCached) return 'cached';
  if (code === 0) return 'done';
  if (build.Status === 'CANCELED') return 'cancelled';
  if (code !== undefined) return 'failed';
  if (endMs === undefined && build.Status !== 'FAILED') return lastState(build);
  // Without an exit code, it failed without a program, or it was stopped because another step failed beside it.
  return steps.some(({ ExitCode: other = 0 }) => other !== 0) ? 'cancelled' : 'failed';
}

/** The state of what was going on when a build ended, or still is. */
function lastState({ Status: status, EndTime: endMs }: StagedBuild): State {
  if (status === 'FAILED') return 'failed';
  if (status === 'CANCELED') return 'cancelled';
  return endMs === undefined ? 'running' : 'done';
}
