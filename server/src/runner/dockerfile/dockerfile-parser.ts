import { BuildFailed } from '../failure/build-failed.ts';
import { heredocsOf, isHeredocEnd } from './dockerfile-heredoc.ts';
import { type Instruction, splitInstruction } from './dockerfile-instruction.ts';
import type { Patterns } from './dockerfile-pattern.ts';
import { isSpace } from './dockerfile-words.ts';

/** A parsed Dockerfile. */
export interface ParsedDockerfile {
  /** The character that escapes and continues lines. */
  escapeSign: string;
  /** At most as many as requested. */
  instructions: Instruction[];
  /** How many there are. */
  count: number;
}

/** The builder names each line of a failing instruction, and cannot send its answer if there are too many. */
const LINES_LIMIT = 20_000;

/**
 * Splits a Dockerfile into instructions as the builder does: directives, comments, continued lines and here-documents
 * (https://docs.docker.com/reference/dockerfile/#format). Takes linear time. Text that the builder refuses is parsed
 * anyhow, because the builder reports it itself. Throws `BuildFailed` for an instruction of too many lines.
 */
export function parseDockerfile(text: string, most: number, patterns: Patterns): ParsedDockerfile {
  const hasMark = text.startsWith('\uFEFF');
  const lines = text.slice(hasMark ? 1 : 0).split('\n');
  if (lines.at(-1) === '') lines.pop();
  const { escapeSign, directiveCount } = readDirectives(lines);
  const instructions: Instruction[] = [];
  let count = 0;
  for (let at = directiveCount; at < lines.length; ) {
    const firstLine = at + 1;
    const whole = lineAt(lines, at);
    const first = isComment(whole) ? '' : trimStart(whole);
    let [logical, continues] = continued(first, escapeSign);
    const column = whole.length - first.length + (hasMark && at === 0 ? 1 : 0);
    const parts = [{ at: 0, length: logical.length, line: at, column }];
    at += 1;
    if (logical === '' && !continues) continue;
    for (; continues && at < lines.length; at++) {
      const line = lineAt(lines, at);
      if (isComment(line) || trimStart(line) === '') continue;
      const [part, goesOn] = continued(line, escapeSign);
      parts.push({ at: logical.length, length: part.length, line: at, column: 0 });
      logical += part;
      continues = goesOn;
    }
    const instruction = splitInstruction(logical, escapeSign);
    for (const heredoc of heredocsOf(instruction, logical, escapeSign, patterns)) {
      while (at < lines.length && !isHeredocEnd(lineAt(lines, at), heredoc)) at += 1;
      at += 1;
    }
    if (at - firstLine >= LINES_LIMIT)
      throw new BuildFailed(
        'dockerfile-limit',
        `the instruction at line ${firstLine} has more than ${LINES_LIMIT} lines`,
      );
    count += 1;
    if (count <= most) instructions.push({ ...instruction, parts, firstLine, lastLine: Math.min(at, lines.length) });
  }
  return { escapeSign, instructions, count };
}

const DIRECTIVE = /^([A-Za-z]+)[\t\f\r ]*=(.+)$/s;
const DIRECTIVES = ['syntax', 'escape', 'check'];

/** The directive in a line, if it is at the top; undefined for other lines. */
export function directiveOf(line: string): { name: string; value: string } | undefined {
  const text = trimStart(line);
  if (!text.startsWith('#')) return undefined;
  const [, name = '', value = ''] = DIRECTIVE.exec(trimStart(withoutEnd(text.slice(1)))) ?? [];
  return DIRECTIVES.includes(name.toLowerCase()) ? { name: name.toLowerCase(), value: value.trim() } : undefined;
}

function readDirectives(lines: readonly string[]): { escapeSign: string; directiveCount: number } {
  let escapeSign = '\\';
  let directiveCount = 0;
  for (const line of lines) {
    const directive = directiveOf(line);
    if (directive === undefined) break;
    if (directive.name === 'escape' && directive.value === '`') escapeSign = '`';
    directiveCount += 1;
  }
  return { escapeSign, directiveCount };
}

function lineAt(lines: readonly string[], at: number): string {
  return withoutEnd(lines[at] ?? '');
}

function withoutEnd(line: string): string {
  let end = line.length;
  while (line[end - 1] === '\r') end -= 1;
  return line.slice(0, end);
}

/**
 * A line without its continuation character, and whether it had one: white space may follow it, and it must not be
 * escaped itself.
 */
function continued(line: string, escapeSign: string): [part: string, continues: boolean] {
  let end = line.length;
  while (line[end - 1] === ' ' || line[end - 1] === '\t') end -= 1;
  const continues = line[end - 1] === escapeSign && line[end - 2] !== escapeSign;
  return continues ? [line.slice(0, end - 1), true] : [line, false];
}

function isComment(line: string): boolean {
  return trimStart(line).startsWith('#');
}

function trimStart(line: string): string {
  let start = 0;
  while (start < line.length && isSpace(line.charAt(start))) start += 1;
  return line.slice(start);
}
