import { setImmediate as yieldToOthers } from 'node:timers/promises';
import { type SliceReader, Slices } from '../format/text-slice.ts';
import { linesWith } from './messages.ts';
import type { SearchBudget, SearchPattern, SearchResult } from './search-pattern.ts';
import { matchSlices, type RegexProgram } from './search-regex.ts';

export { messagesAsLatin1 } from './messages.ts';
export type { SearchBudget, SearchPattern, SearchResult } from './search-pattern.ts';
export { BadPattern, type RegexProgram } from './search-regex.ts';

/**
 * Searches a log, running or sealed, from line `fromLine` on. It looks for a literal in process, and for a regular
 * expression, or a text ignoring case, with `program`. Throws `BadPattern` for an expression that cannot be used.
 */
export async function searchLog(
  read: SliceReader,
  fromLine: number,
  pattern: SearchPattern,
  budget: SearchBudget,
  program: RegexProgram,
): Promise<SearchResult> {
  if (pattern.kind === 'regex' || pattern.ignoreCase) return matchSlices(read, fromLine, pattern, budget, program);
  const deadlineMs = performance.now() + budget.timeMs;
  const slices = new Slices(read, fromLine);
  const lineNumbers: number[] = [];
  for (let slice = await slices.next(); slice.lineCount > 0; slice = await slices.next()) {
    lineNumbers.push(...linesWith(slice, pattern.text, budget.hits - lineNumbers.length));
    if (lineNumbers.length >= budget.hits) return stopped(lineNumbers, (lineNumbers.at(-1) ?? 0) + 1, slices);
    if (slices.scannedBytes >= budget.textBytes || performance.now() >= deadlineMs) {
      return stopped(lineNumbers, slices.nextLine, slices);
    }
    await yieldToOthers();
  }
  return { lineNumbers, nextLine: slices.nextLine, done: true, scannedBytes: slices.scannedBytes };
}

function stopped(lineNumbers: number[], nextLine: number, slices: Slices): SearchResult {
  return { lineNumbers, nextLine, done: false, scannedBytes: slices.scannedBytes };
}
