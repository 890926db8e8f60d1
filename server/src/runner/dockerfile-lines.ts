import { DockerfileParser, type Instruction } from 'dockerfile-ast';
import type { DockerfileLines } from '#build/build.ts';
import type { AnnouncedStep } from './step-tracker.ts';

/** Of a long instruction so many lines are kept, each cut to so many characters. */
const LINES_LIMIT = 40;
const LINE_LIMIT_CHARS = 400;

/**
 * The lines of a Dockerfile that a step of the builder came from. Undefined where they are not known for sure: a trigger of the base image
 * is a step too, and stands in no Dockerfile.
 */
export function dockerfileLines(
  path: string,
  text: string,
  { stage, number, instruction }: Pick<AnnouncedStep, 'stage' | 'number' | 'instruction'>,
): DockerfileLines | undefined {
  const found = stagesOf(text)[stage - 1]?.[number - 1];
  if (found === undefined || found.getKeyword() !== keywordOf(instruction)) return undefined;
  return instructionLines(path, text, found);
}

/** The lines on which an instruction of a Dockerfile stands. */
export function instructionLines(path: string, text: string, instruction: Instruction): DockerfileLines {
  const { start, end } = instruction.getRange();
  const lines = text.split(/\r?\n/).slice(start.line, end.line + 1);
  return {
    path,
    firstLine: start.line + 1,
    lastLine: end.line + 1,
    lines: lines.slice(0, LINES_LIMIT).map((line) => line.slice(0, LINE_LIMIT_CHARS)),
  };
}

/** The instructions of each stage in order; what stands before the first FROM belongs to none. */
function stagesOf(text: string): Instruction[][] {
  const stages: Instruction[][] = [];
  for (const instruction of DockerfileParser.parse(text).getInstructions()) {
    if (instruction.getKeyword() === 'FROM') stages.push([]);
    stages.at(-1)?.push(instruction);
  }
  return stages;
}

function keywordOf(instruction: string): string | undefined {
  return /^\s*([a-z]+)/i.exec(instruction)?.[1]?.toUpperCase();
}
