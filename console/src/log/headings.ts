import type { Section, Step } from '../api/build.ts';
import { type StagedBuild, type State, stageName, stagesOf, stepState } from './stages.ts';

/** A line that begins a stage or a step, and what is known about it. Times in ms since 1970. */
export interface Heading {
  kind: 'stage' | 'step';
  /** `Build`, or `2/5: RUN make · stage 1/2 (tools)`. */
  label: string;
  line: number;
  startMs: number | undefined;
  /** Undefined while it runs, or if it is not known. */
  endMs: number | undefined;
  state: State;
}

/** A stretch of the log, with the stage and the step that it belongs to. */
interface Stretch {
  firstLine: number;
  stage: Heading;
  step: Heading | undefined;
}

/** The lines that begin stages and steps, and which of them any line belongs to. */
export class Headings {
  readonly #stretches: Stretch[] = [];
  readonly #at = new Map<number, Heading>();

  constructor(sections: readonly Section[], steps: readonly Step[], build: StagedBuild) {
    const stages = new Map(stagesOf(sections, build).map((stage) => [stage.firstLine, stage]));
    const begun = new Map<string, Heading>();
    let stage: Heading | undefined;
    for (const section of sections) {
      const { FirstLine: line } = section;
      const begins = stages.get(line);
      if (begins && stage?.line !== line) {
        const { name, startMs, endMs, state } = begins;
        stage = { kind: 'stage', label: stageName(name), line, startMs, endMs, state };
        this.#at.set(line, stage);
      }
      if (!stage) continue;
      const key = `${section.Attempt} ${section.Step}`;
      let step = section.Step === 0 ? undefined : begun.get(key);
      if (section.Step > 0 && step === undefined) {
        step = stepHeading(section, steps, build);
        begun.set(key, step);
        if (!this.#at.has(line)) this.#at.set(line, step);
      }
      this.#stretches.push({ firstLine: line, stage, step });
    }
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

function stepHeading(section: Section, steps: readonly Step[], build: StagedBuild): Heading {
  const step = steps.find((each) => each.Step === section.Step);
  const endMs = step?.EndTime ?? build.EndTime;
  const platform = section.Platform ? `${section.Platform} ` : '';
  const [place, ofStage] = (section.Place ?? String(section.Step)).split(' of stage ');
  const name = step?.StageName === undefined ? '' : ` (${step.StageName})`;
  return {
    kind: 'step',
    // A narrow window cuts the end, so the Dockerfile's stage is there.
    label: `${platform}${place}${section.Instruction ? `: ${section.Instruction}` : ''}${ofStage ? ` · stage ${ofStage}${name}` : ''}`,
    line: section.FirstLine,
    startMs: step?.StartTime,
    endMs,
    // A step that is not known yet has only begun, and one that stays unknown says nothing.
    state: step ? stepState(step, steps, build) : endMs === undefined ? 'running' : 'done',
  };
}
