import type { DockerfileLines } from '#build/build.ts';

/** How many lines of a long instruction are kept, and how many characters of each. */
const LINES_LIMIT = 40;
const LINE_LIMIT_CHARS = 400;

/**
 * The lines of a Dockerfile that the builder blames: it ends a failed build with the position and an excerpt in which
 * those lines are marked (`   2 | >>> RUN make`). Undefined if it blames none.
 */
export function blamedLines(
  { path, text }: { path: string; text: string },
  words: string,
): DockerfileLines | undefined {
  const numbers = words.split('\n').flatMap((line) => /^ {0,8}(\d{1,6}) \| >>> /.exec(line)?.[1] ?? []);
  const [first, last] = [numbers[0], numbers.at(-1)].map(Number);
  if (first === undefined || last === undefined || numbers.length === 0) return undefined;
  return cutLines(path, text.split(/\r?\n/), { firstLine: first, lastLine: last });
}

/**
 * The line of a Dockerfile that equals an instruction as the builder shows it: for a stopped step, where the builder
 * blames no line. Undefined unless exactly one line matches.
 */
export function lineOfInstruction(
  { path, text }: { path: string; text: string },
  instruction: string,
): DockerfileLines | undefined {
  if (instruction === '') return undefined;
  const lines = text.split(/\r?\n/);
  const first = lines.findIndex((line) => line.trim() === instruction);
  if (first < 0 || lines.findLastIndex((line) => line.trim() === instruction) !== first) return undefined;
  return cutLines(path, lines, { firstLine: first + 1, lastLine: first + 1 });
}

/** The lines of an instruction, taken from its Dockerfile. */
export function cutLines(
  path: string,
  lines: readonly string[],
  { firstLine, lastLine }: { firstLine: number; lastLine: number },
): DockerfileLines {
  const shown = lines.slice(firstLine - 1, Math.min(lastLine, firstLine - 1 + LINES_LIMIT));
  return { path, firstLine, lastLine, lines: shown.map((line) => line.slice(0, LINE_LIMIT_CHARS)) };
}
