import type { Writable } from 'node:stream';
import { setImmediate as yieldToOthers } from 'node:timers/promises';
import { type StartedProgram, startProgram } from '@slipway/program';
import { piecesOf, type SliceReader, Slices } from '../format/text-slice.ts';
import { MatchedLines } from './matched-lines.ts';
import { messagesAsLatin1, storedForm } from './messages.ts';
import { requiredTexts } from './required-texts.ts';
import type { SearchBudget, SearchPattern, SearchResult } from './search-pattern.ts';

/** How ripgrep is run. */
export interface RegexProgram {
  /** Its name or path. */
  command: string;
  /** Its whole environment. */
  environment: Readonly<Record<string, string>>;
}

/** An expression that cannot be used; the message tells its author why. */
export class BadPattern extends Error {
  override readonly name = 'BadPattern';
}

/**
 * The amount of text that tests a pattern: the first run of the program gets only this, a second one all that time
 * allows.
 */
const FIRST_RUN_BYTES = 1024 * 1024;
const STDERR_LIMIT_BYTES = 4096;
/**
 * A run is limited by its processor time, so that none ends because others use the processor; but it is not waited for
 * longer than this.
 */
const WAIT_LIMIT_MS = 10_000;
/** Processor time for the text that the program still has after it got the last. */
const LAST_BYTES_MS = 100;
const LOOK_AGAIN_LEAST_MS = 10;
/** The compiled size limit of an expression. Larger ones are refused: they would be slow, if not exponential. */
const COMPILED_LIMIT = '1M';

/** Like `searchLog`, with runs of ripgrep over the decoded messages. */
export async function matchSlices(
  read: SliceReader,
  fromLine: number,
  pattern: SearchPattern,
  budget: SearchBudget,
  program: RegexProgram,
): Promise<SearchResult> {
  const deadlineMs = performance.now() + budget.timeMs;
  const slices = new Slices(read, fromLine);
  const lineNumbers: number[] = [];
  const wanted = neededIn(pattern);
  for (let isFirst = true; ; isFirst = false) {
    const runLine = slices.nextLine;
    const run = await runOnce(slices, wanted, pattern, program, {
      hits: budget.hits - lineNumbers.length,
      givenBytes: isFirst ? FIRST_RUN_BYTES : Number.POSITIVE_INFINITY,
      scannedBytes: budget.textBytes,
      deadlineMs,
      processorMs: isFirst ? budget.timeMs : deadlineMs - performance.now() + LAST_BYTES_MS,
    });
    if (run.stopped !== undefined) {
      if (isFirst && run.stopped === 'slow') {
        throw new BadPattern(
          `it took longer than ${budget.timeMs} ms for a mebibyte of text; a simpler or more specific pattern is faster`,
        );
      }
      return { lineNumbers, nextLine: runLine, done: false, scannedBytes: slices.scannedBytes };
    }
    lineNumbers.push(...run.lineNumbers);
    const { scannedBytes, nextLine } = slices;
    if (lineNumbers.length >= budget.hits) {
      return { lineNumbers, nextLine: (lineNumbers.at(-1) ?? 0) + 1, done: false, scannedBytes };
    }
    if (run.atEnd) return { lineNumbers, nextLine, done: true, scannedBytes };
    if (scannedBytes >= budget.textBytes || performance.now() >= deadlineMs) {
      return { lineNumbers, nextLine, done: false, scannedBytes };
    }
  }
}

/** Whether lines in stored form may contain a match. */
type Wanted = (text: Buffer) => boolean;

/** What ends a run, and what ends its input. */
interface RunLimits {
  hits: number;
  givenBytes: number;
  scannedBytes: number;
  deadlineMs: number;
  processorMs: number;
}

/** `stopped` before its end: it was slow, or got hardly any processor time until the wait was over. */
interface ProgramRun {
  lineNumbers: number[];
  stopped: 'slow' | 'starved' | undefined;
  atEnd: boolean;
}

async function runOnce(
  slices: Slices,
  wanted: Wanted,
  pattern: SearchPattern,
  program: RegexProgram,
  limits: RunLimits,
): Promise<ProgramRun> {
  const child = await startProgram({ ...program, args: argumentsOf(pattern, limits.hits) });
  let stopped: ProgramRun['stopped'];
  const forget = stopAfter(child, limits.processorMs, (why) => {
    stopped = why;
    child.kill();
  });
  const matches = new MatchedLines();
  child.stdout.on('data', (chunk: Buffer) => matches.read(chunk));
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString()).slice(0, STDERR_LIMIT_BYTES);
  });
  try {
    const [atEnd, code] = await Promise.all([feed(child.stdin, slices, wanted, matches, limits), child.closed]);
    if (stopped === undefined && code !== 0 && code !== 1) throw failed(program, code, stderr);
    return { lineNumbers: matches.lineNumbers, stopped, atEnd };
  } finally {
    forget();
    child.kill();
  }
}

/** Most expressions require a text that most lines do not contain: those lines are not worth decoding. */
function neededIn(pattern: SearchPattern): Wanted {
  if (pattern.kind !== 'regex' || pattern.ignoreCase) return () => true;
  const needles = requiredTexts(pattern.expression)?.map(storedForm);
  return (text) => needles === undefined || needles.some((needle) => text.includes(needle));
}

/**
 * Calls `stop` when a process has used too much processor time, or was waited for too long. On systems other than Linux,
 * which do not tell processor time, the clock decides. Returns a function that cancels this.
 */
export function stopAfter(
  child: Pick<StartedProgram, 'hasEnded' | 'processorMs'>,
  timeMs: number,
  stop: (why: 'slow' | 'starved') => void,
): () => void {
  const startMs = performance.now();
  let timer: NodeJS.Timeout;
  const look = () => {
    if (child.hasEnded()) return;
    // On Linux, a process without processor time has ended, and the news of its end is still on the way.
    const usedMs = child.processorMs() ?? (process.platform === 'linux' ? 0 : timeMs);
    if (usedMs >= timeMs) return stop('slow');
    if (performance.now() - startMs >= WAIT_LIMIT_MS) return stop('starved');
    timer = setTimeout(look, Math.max(LOOK_AGAIN_LEAST_MS, timeMs - usedMs));
  };
  timer = setTimeout(look, Math.max(1, timeMs));
  return () => clearTimeout(timer);
}

/** Writes messages until the log ends (true), a limit is reached, or the program wants no more (false). */
async function feed(
  stdin: Writable,
  slices: Slices,
  wanted: Wanted,
  matches: MatchedLines,
  limits: RunLimits,
): Promise<boolean> {
  // It may have seen enough, or have refused its input, or been killed: its exit tells which.
  let gone = false;
  const leave = () => {
    gone = true;
  };
  stdin.on('error', leave).on('close', leave);
  let givenBytes = 0;
  // At least one slice, so that a caller that asks repeatedly reaches the end.
  do {
    const slice = await slices.next();
    if (slice.lineCount === 0) {
      stdin.end();
      return true;
    }
    if (!wanted(slice.text)) {
      await yieldToOthers();
      continue;
    }
    matches.give(slice);
    givenBytes += slice.text.length;
    for (const piece of piecesOf(slice)) {
      const messages = messagesAsLatin1(piece.toString('latin1'));
      await new Promise<void>((resolve) => stdin.write(messages, 'latin1', () => resolve()));
      // Without this, a pipe that accepts everything at once would let nothing else run.
      await yieldToOthers();
    }
  } while (
    !gone &&
    givenBytes < limits.givenBytes &&
    slices.scannedBytes < limits.scannedBytes &&
    performance.now() < limits.deadlineMs
  );
  stdin.end();
  return false;
}

function argumentsOf(pattern: SearchPattern, hits: number): string[] {
  const text =
    pattern.kind === 'regex' ? ['--regexp', pattern.expression] : ['--fixed-strings', '--regexp', pattern.text];
  return [
    '--no-config',
    '--engine=default',
    `--regex-size-limit=${COMPILED_LIMIT}`,
    // Messages are UTF-8 and may contain any character; nothing in them marks an encoding or a binary file.
    '--encoding=none',
    '--text',
    '--threads=1',
    '--color=never',
    '--no-filename',
    '--line-number',
    // Only the numbers are needed: the text of matching lines is left out.
    '--max-columns=1',
    `--max-count=${hits}`,
    ...(pattern.ignoreCase ? ['--ignore-case'] : ['--case-sensitive']),
    ...text,
    '-',
  ];
}

/** Exit code 2 with a message about the expression is the caller's mistake; anything else is ours. */
function failed(program: RegexProgram, code: number, stderr: string): Error {
  const isPattern = code === 2 && /regex|not allowed/i.test(stderr);
  if (!isPattern) return new Error(`${program.command} ended with ${code}: ${stderr}`);
  const words = stderr.replace(/^regex parse error:\s*/, '').split('\n');
  const reason = words.filter((line) => line.startsWith('error: ')).at(-1) ?? words.join(' ').trim();
  return new BadPattern(reason.replace(/^error: /, ''));
}
