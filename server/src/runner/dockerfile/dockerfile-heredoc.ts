import { jsonList, type SplitInstruction, splitInstruction } from './dockerfile-instruction.ts';
import type { Patterns } from './dockerfile-pattern.ts';
import { readWords } from './dockerfile-words.ts';
import { WordError } from './word-error.ts';

/** The delimiter of a here-document. */
interface Heredoc {
  name: string;
  /** Tabs before the name are ignored: `<<-`. */
  isIndented: boolean;
}

const KEYWORDS = ['ADD', 'COPY', 'RUN'];
const NO_VALUES = { get: () => undefined };

/**
 * The here-documents that an instruction starts, in order
 * (https://docs.docker.com/reference/dockerfile/#here-documents).
 */
export function heredocsOf(
  instruction: SplitInstruction,
  line: string,
  escapeSign: string,
  patterns: Patterns,
): Heredoc[] {
  if (!line.includes('<<')) return [];
  const holder = instruction.keyword === 'ONBUILD' ? splitInstruction(instruction.rest, escapeSign) : instruction;
  if (!KEYWORDS.includes(holder.keyword) || jsonList(holder.rest)) return [];
  const rules = { escapeSign: '\\', patterns, keepsUnset: true };
  const words = wordsOf(() => readWords(line, NO_VALUES, { ...rules, rawQuotes: true, rawEscapes: true }));
  return words.flatMap((word) => {
    const start = begun(word);
    if (start === undefined || start.rest === '') return [];
    const [name, ...more] = wordsOf(() => readWords(start.rest, NO_VALUES, rules));
    return name === undefined || more.length > 0 ? [] : [{ name, isIndented: start.isIndented }];
  });
}

/** Whether a line, without its end, is the last of a here-document. */
export function isHeredocEnd(line: string, { name, isIndented }: Heredoc): boolean {
  if (!isIndented) return line === name;
  let start = 0;
  while (line[start] === '\t') start += 1;
  return line.slice(start) === name;
}

/** The text after `<<`, which only a number may precede. */
function begun(word: string): { rest: string; isIndented: boolean } | undefined {
  let at = 0;
  while (/^\d$/.test(word.charAt(at))) at += 1;
  if (!word.startsWith('<<', at)) return undefined;
  at += 2;
  const isIndented = word[at] === '-';
  if (isIndented) at += 1;
  while (/^[\t\n\f\r ]$/.test(word.charAt(at))) at += 1;
  const rest = word.slice(at);
  return rest.includes('<') ? undefined : { rest, isIndented };
}

function wordsOf(read: () => string[]): string[] {
  try {
    return read();
  } catch (error) {
    // The builder sees no here-document in a line that it cannot parse.
    if (error instanceof WordError) return [];
    throw error;
  }
}
