import type { Diff } from './diff-queries.ts';

type Side = NonNullable<Diff['First']>['Build'];

/** Where two builds first differ, in the words of `slipway diff`. */
export function firstSentence({ First: first, ComparedLines: lines, Complete: isComplete }: Diff): string {
  if (!first) {
    const all = `No difference in ${lines.toLocaleString('en')} compared ${lines === 1 ? 'line' : 'lines'}`;
    return isComplete ? `${all}.` : `${all}; the rest was not compared.`;
  }
  const { Build: build, With: other } = first;
  if (first.Kind === 'exit-code')
    return `${upper(place(build))} ended with exit code ${build.ExitCode ?? 'unknown'}, was ${other.ExitCode ?? 'unknown'}.`;
  if (first.Kind === 'lines') return `In ${place(build)}.`;
  if (build.BuildStage === undefined) return `${upper(place(other))} does not exist.`;
  if (other.BuildStage === undefined) return `${upper(place(build))} is new.`;
  return `${upper(place(build))}, was ${place(other)}.`;
}

const INSTRUCTION_CHARS = 100;
const STAGES: Readonly<Record<string, string>> = {
  GIT_CLONE: 'the fetch stage',
  DOCKER_IMAGE_BUILD: 'the build stage',
  DOCKER_IMAGE_PUSH: 'the push stage',
};

function place({
  BuildStage: stage = '',
  Step: step,
  Place: shown = String(step),
  Instruction: instruction,
}: Side): string {
  const name = STAGES[stage] ?? stage;
  return step === undefined || step === 0 ? name || 'nothing' : `step ${shown} (${shorten(instruction ?? name)})`;
}

/** The table of steps has the whole instruction. */
function shorten(text: string): string {
  return text.length > INSTRUCTION_CHARS ? `${text.slice(0, INSTRUCTION_CHARS)}…` : text;
}

function upper(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
