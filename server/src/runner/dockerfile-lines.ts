import type { DockerfileLines } from '#build/build.ts';
import type { AnnouncedStep } from './step-tracker.ts';

/** Where an instruction stands in a Dockerfile, its lines counted from 1. */
export interface InstructionPlace {
  keyword: string;
  firstLine: number;
  lastLine: number;
}

/** Of a long instruction so many lines are kept, each cut to so many characters. */
const LINES_LIMIT = 40;
const LINE_LIMIT_CHARS = 400;

/**
 * The lines of a Dockerfile that a step of the builder came from, by the instructions of each stage. Undefined where they are not
 * known for sure: a trigger of the base image is a step too, and stands in no Dockerfile.
 */
export function dockerfileLines(
  { path, text }: { path: string; text: string },
  stages: readonly (readonly InstructionPlace[])[],
  { stage, number, instruction }: Pick<AnnouncedStep, 'stage' | 'number' | 'instruction'>,
): DockerfileLines | undefined {
  const found = stages[stage - 1]?.[number - 1];
  if (found === undefined || found.keyword !== keywordOf(instruction)) return undefined;
  return cutLines(path, text.split(/\r?\n/), found);
}

/** The lines of an instruction, out of those of its Dockerfile. */
export function cutLines(path: string, lines: readonly string[], place: InstructionPlace): DockerfileLines {
  const { firstLine, lastLine } = place;
  const shown = lines.slice(firstLine - 1, Math.min(lastLine, firstLine - 1 + LINES_LIMIT));
  return { path, firstLine, lastLine, lines: shown.map((line) => line.slice(0, LINE_LIMIT_CHARS)) };
}

function keywordOf(instruction: string): string | undefined {
  return /^\s*([a-z]+)/i.exec(instruction)?.[1]?.toUpperCase();
}
