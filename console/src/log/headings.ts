import type { Section, Step } from '../api/build.ts';
import { stageName } from './folds.ts';

/** A line that begins a stage or a step, and what is known about it. Times in ms since 1970. */
export interface Heading {
  kind: 'stage' | 'step';
  /** `Build`, or `2/5 RUN make`. */
  label: string;
  line: number;
  startMs: number | undefined;
  /** Undefined while it runs, or if it is not known. */
  endMs: number | undefined;
  state: 'done' | 'cached' | 'failed' | 'running';
}

/** A stretch of the log, with the stage and the step that it belongs to. */
interface Stretch {
  firstLine: number;
  stage: Heading;
  step: Heading | undefined;
}

/** How a build is, as far as its headings show it. */
export interface BuildTimes {
  endMs: number | undefined;
  failed: boolean;
}

/** The lines that begin stages and steps, and which of them any line belongs to. */
export class Headings {
  readonly #stretches: Stretch[] = [];
  readonly #at = new Map<number, Heading>();

  constructor(sections: readonly Section[], steps: readonly Step[], build: BuildTimes) {
    const known = new Map(steps.map((step) => [step.Step, step]));
    const begun = new Map<string, Heading>();
    let stage: { name: string; heading: Heading } | undefined;
    for (const section of sections) {
      const { BuildStage, FirstLine: line, StartTime: startMs, EndTime: endMs } = section;
      if (stage?.name !== BuildStage) {
        // A stage ends where the next one begins: the time in between is its last work.
        if (stage) stage.heading.endMs = startMs ?? stage.heading.endMs;
        const heading = { kind: 'stage', label: stageName(BuildStage), line, startMs, endMs, state: 'done' } as const;
        stage = { name: BuildStage, heading: { ...heading } };
        this.#at.set(line, stage.heading);
      } else stage.heading.endMs = endMs ?? stage.heading.endMs;
      const key = `${section.Attempt} ${section.Step}`;
      let step = section.Step === 0 ? undefined : begun.get(key);
      if (section.Step > 0 && step === undefined) {
        step = stepHeading(section, known.get(section.Step), build);
        begun.set(key, step);
        if (!this.#at.has(line)) this.#at.set(line, step);
      }
      this.#stretches.push({ firstLine: line, stage: stage.heading, step });
    }
    if (!stage) return;
    stage.heading.endMs = build.endMs;
    stage.heading.state = build.failed ? 'failed' : build.endMs === undefined ? 'running' : 'done';
  }

  /** The stage or step that begins at a line. */
  at(line: number): Heading | undefined {
    return this.#at.get(line);
  }

  /** The stage, and the step if there is one, that a line belongs to. */
  around(line: number): { stage: Heading; step: Heading | undefined } | undefined {
    let low = 0;
    let high = this.#stretches.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#stretches[middle]?.firstLine ?? 0) <= line) low = middle + 1;
      else high = middle;
    }
    return this.#stretches[low - 1];
  }
}

function stepHeading(section: Section, step: Step | undefined, build: BuildTimes): Heading {
  const endMs = step?.EndTime ?? build.endMs;
  const failed = (step?.ExitCode ?? 0) !== 0 || (build.failed && step !== undefined && step.EndTime === undefined);
  const platform = section.Platform ? `${section.Platform} ` : '';
  return {
    kind: 'step',
    label: `${platform}${section.Place ?? section.Step}${section.Instruction ? `: ${section.Instruction}` : ''}`,
    line: section.FirstLine,
    startMs: step?.StartTime,
    endMs,
    state: failed ? 'failed' : step?.Cached ? 'cached' : endMs === undefined ? 'running' : 'done',
  };
}
