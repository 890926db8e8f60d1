import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { setImmediate as yieldToOthers } from 'node:timers/promises';

import { messagesAsLatin1 } from './messages.ts';
import type { SearchBudget, SearchPattern, SearchResult } from './search.ts';
import { piecesOf, type SliceReader, Slices } from './text-slice.ts';

/** How ripgrep is run. */
export type RegexProgram = {
  /** Its name or path. */
  command: string;
  /** Its whole environment. */
  environment: Readonly<Record<string, string>>;
};

/** An expression that cannot be used; the message says why, for whoever wrote it. */
export class BadPattern extends Error {
  override readonly name = 'BadPattern';
}

/** Text that one run of the program gets: what a run leaves unfinished is looked at again, so the first ones are small. */
const FIRST_RUN_BYTES = 1024 * 1024;
const RUN_LIMIT_BYTES = 64 * 1024 * 1024;
const STDERR_LIMIT_BYTES = 4096;
/**
 * A pattern is judged by the processor time of its first run, so that none is refused because others have the processor; for
 * that time it waits no longer than this.
 */
const FIRST_RUN_WAIT_MS = 10_000;
const LOOK_AGAIN_LEAST_MS = 10;
/** Linux counts processor time for programs in hundredths of a second, whatever its kernel does. */
const TICK_MS = 10;
/** What an expression may compile to. Larger ones are refused: they would be slow, if not exponential. */
const COMPILED_LIMIT = '1M';

/** Like `searchLog`, by runs of ripgrep over the decoded messages. */
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
  for (let runBytes = FIRST_RUN_BYTES; ; runBytes = Math.min(runBytes * 8, RUN_LIMIT_BYTES)) {
    const runLine = slices.nextLine;
    const isFirst = runLine === fromLine;
    const left = {
      hits: budget.hits - lineNumbers.length,
      timeMs: deadlineMs - performance.now(),
      waitMs: isFirst ? FIRST_RUN_WAIT_MS : 0,
    };
    const run = await runOnce(slices, Math.min(runBytes, budget.textBytes), pattern, left, program);
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

/** `stopped` before its end: it was slow, or had hardly any processor for longer than one waits. */
type Run = { lineNumbers: number[]; stopped: 'slow' | 'starved' | undefined; atEnd: boolean };

async function runOnce(
  slices: Slices,
  runBytes: number,
  pattern: SearchPattern,
  left: { hits: number; timeMs: number; waitMs: number },
  program: RegexProgram,
): Promise<Run> {
  const firstLine = slices.nextLine;
  const child = spawn(program.command, argumentsOf(pattern, left.hits), { env: { ...program.environment } });
  const closed = once(child, 'close') as Promise<[number | null]>;
  let stopped: Run['stopped'];
  const forget = afterItsTime(child, left, (why) => {
    stopped = why;
    child.kill('SIGKILL');
  });
  const matches = new MatchedLines(firstLine);
  child.stdout.on('data', (chunk: Buffer) => matches.read(chunk));
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString()).slice(0, STDERR_LIMIT_BYTES);
  });
  try {
    const [atEnd, [code]] = await Promise.all([feed(child.stdin, slices, slices.scannedBytes + runBytes), closed]);
    if (stopped === undefined && code !== 0 && code !== 1) throw failed(program, code, stderr);
    return { lineNumbers: matches.lineNumbers, stopped, atEnd };
  } finally {
    forget();
    child.kill('SIGKILL');
  }
}

/**
 * Calls `stop` when a process has used up its time: that of the processor, as long as it is not waited for longer than `waitMs`;
 * where that cannot be known, as on systems other than Linux, that of the clock. Gives what calls it off.
 */
function afterItsTime(
  child: ChildProcess,
  { timeMs, waitMs }: { timeMs: number; waitMs: number },
  stop: (why: 'slow' | 'starved') => void,
): () => void {
  const startMs = performance.now();
  let timer: NodeJS.Timeout;
  const look = () => {
    if (child.exitCode !== null) return;
    const usedMs = waitMs > 0 ? processorMs(child.pid) : undefined;
    if (usedMs === undefined || usedMs >= timeMs) return stop('slow');
    if (performance.now() - startMs >= waitMs) return stop('starved');
    timer = setTimeout(look, Math.max(LOOK_AGAIN_LEAST_MS, timeMs - usedMs));
  };
  timer = setTimeout(look, Math.max(1, timeMs));
  return () => clearTimeout(timer);
}

/** Processor time of a process so far; undefined where the system does not tell. */
function processorMs(pid: number | undefined): number | undefined {
  try {
    // Its name, in parentheses, may hold anything; user and system time are fields 14 and 15.
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  } catch {
    return undefined;
  }
}

/** Writes messages until the log ends (true), so much was read, or the program wants no more (false). */
async function feed(stdin: Writable, slices: Slices, untilBytes: number): Promise<boolean> {
  // It may have seen enough, or be refused or killed: its exit tells which.
  let gone = false;
  const leave = () => {
    gone = true;
  };
  stdin.on('error', leave).on('close', leave);
  while (!gone && slices.scannedBytes < untilBytes) {
    const slice = slices.next();
    if (slice.lineCount === 0) {
      stdin.end();
      return true;
    }
    // All at once: a slice's bytes are gone with the next read, which may be another caller's.
    const pieces = [...piecesOf(slice)].map(messagesAsLatin1);
    for (const messages of pieces) {
      await new Promise<void>((resolve) => stdin.write(messages, 'latin1', () => resolve()));
      // A pipe that takes everything at once would leave no turn to others.
      await yieldToOthers();
    }
  }
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
    // Messages are UTF-8 and may hold any character; nothing in them is a mark of an encoding or of a binary file.
    '--encoding=none',
    '--text',
    '--threads=1',
    '--color=never',
    '--no-filename',
    '--line-number',
    // Only the numbers are wanted: lines longer than a byte are left out.
    '--max-columns=1',
    `--max-count=${hits}`,
    ...(pattern.ignoreCase ? ['--ignore-case'] : ['--case-sensitive']),
    ...text,
    '-',
  ];
}

/** The numbers at the beginnings of the program's lines, as `N:…`. */
class MatchedLines {
  readonly lineNumbers: number[] = [];
  readonly #firstLine: number;
  #rest = '';

  constructor(firstLine: number) {
    this.#firstLine = firstLine;
  }

  read(chunk: Buffer): void {
    const lines = (this.#rest + chunk.toString('latin1')).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.lineNumbers.push(Number.parseInt(line, 10) + this.#firstLine - 1);
  }
}

/** Exit code 2 with words about the expression is the caller's to mend; anything else is a fault of ours. */
function failed(program: RegexProgram, code: number | null, stderr: string): Error {
  const isPattern = code === 2 && /regex|not allowed/i.test(stderr);
  if (!isPattern) return new Error(`${program.command} ended with ${code}: ${stderr}`);
  const words = stderr.replace(/^regex parse error:\s*/, '').split('\n');
  const reason = words.filter((line) => line.startsWith('error: ')).at(-1) ?? words.join(' ').trim();
  return new BadPattern(reason.replace(/^error: /, ''));
}
