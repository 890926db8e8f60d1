import { setImmediate as breathe } from 'node:timers/promises';
import { type Answer, type Logbook, type LogLine, type LogReader, readLines } from '@slipway/logbook';
import type { ConfinedWork } from '#confined/confined-work.ts';
import { comparableLine } from './diff-line.ts';
import type { DiffSection, LineRange, SectionPair } from './diff-section.ts';

/** Where two builds first differ. */
export interface Divergence {
  /** `lines`: different output; `exit-code`: the same output but different exit codes; `step`: one build lacks a step of the other. */
  kind: 'lines' | 'exit-code' | 'step';
  build: DivergentSide;
  other: DivergentSide;
}

/** One side of a divergence: its section, if it has one there, and its lines from the first differing one on. */
export interface DivergentSide {
  section: DiffSection | undefined;
  lines: LogLine[];
}

/** The result of comparing two logs. */
export interface LogDiff {
  first: Divergence | undefined;
  comparedLines: number;
  /** Whether everything was compared. False if the logs exceed the limit of one request. */
  complete: boolean;
}

/** Lines are read in pages, limited by lines and by text: one line can be as long as hundreds of others. */
const PAGE_LINES = 500;
const PAGE_CHARS = 256 * 1024;
const FIRST_PAGE_LINES = 16;
const BREATH_LINES = 500;
const BATCH_CHARS = 1024 * 1024;
const SHOWN_LINES = 5;
const COMPARED_LINES_LIMIT = 500_000;
const COMPARED_CHARS_LIMIT = 128 * 1024 * 1024;
/**
 * Lines outside steps that say what is built, which is reported separately, and the state of the layer cache. They are expected to
 * differ. A step may print such lines too.
 */
const EXPECTED_LINE = /^(source: |commit [0-9a-f]+ |base image \S+ is |Slipway \S+, build |the layer cache )/;
/** Git's output about a transfer depends on how the host packed its objects. */
const TRANSFER_LINE = /^(remote: |From |Receiving objects|Resolving deltas| \* branch )/;

/**
 * Walks two aligned logs until they differ, ignoring what differs in every run. A step that is cached on one side has no lines
 * to compare.
 */
export async function diffLogs(
  { logbook, work }: { logbook: Logbook; work: ConfinedWork },
  buildId: string,
  otherId: string,
  pairs: readonly SectionPair[],
): Promise<LogDiff> {
  const budget: Budget = { lines: 0, chars: 0 };
  const logs = { build: await logbook.open(buildId), other: await logbook.open(otherId) };
  for (const [index, pair] of pairs.entries()) {
    const { build, other } = pair;
    const comparedLines = budget.lines;
    if (build === undefined || other === undefined) {
      return { first: await stepDivergence(logs, pairs, index), comparedLines, complete: true };
    }
    if (!build.cached && !other.cached) {
      const found = await firstDifference(
        work,
        new SectionLines(logs.build, build),
        new SectionLines(logs.other, other),
        budget,
      );
      const compared = { comparedLines: budget.lines, complete: found !== 'too much' };
      if (found === 'too much') return { first: undefined, ...compared };
      if (found) {
        const sides = {
          build: await side(logs.build, build, found.build),
          other: await side(logs.other, other, found.other),
        };
        return { first: { kind: 'lines', ...sides }, ...compared };
      }
    }
    if (build.exitCode !== other.exitCode) {
      const sides = { build: { section: build, lines: [] }, other: { section: other, lines: [] } };
      return { first: { kind: 'exit-code', ...sides }, comparedLines: budget.lines, complete: true };
    }
  }
  return { first: undefined, comparedLines: budget.lines, complete: true };
}

/** How much was compared so far. */
interface Budget {
  lines: number;
  chars: number;
}
/** Lines at the same position in two sections, one of which may have ended. */
interface LinePair {
  build: LogLine | undefined;
  other: LogLine | undefined;
}

/** The first lines that differ. Identical lines are skipped; the others are compared in batches. */
async function firstDifference(
  work: ConfinedWork,
  left: SectionLines,
  right: SectionLines,
  budget: Budget,
): Promise<LinePair | 'too much' | undefined> {
  let batch: LinePair[] = [];
  let batchChars = 0;
  const compareBatch = async (): Promise<LinePair | undefined> => {
    const input = batch.map(({ build, other }): MessagePair => [build?.message ?? null, other?.message ?? null]);
    const index = await work.run({ module: import.meta.url, run: firstDifferent }, input);
    const found = batch[index];
    [batch, batchChars] = [[], 0];
    return found;
  };
  for (;;) {
    const [next, nextOther] = [left.next(), right.next()];
    // Most lines are here already: to wait for each would take as long as to compare it.
    const isHere = !(next instanceof Promise || nextOther instanceof Promise);
    const [build, other] = isHere ? [next, nextOther] : await Promise.all([next, nextOther]);
    const ended = build === undefined || other === undefined;
    if (build === undefined && other === undefined) return compareBatch();
    if (build?.message !== other?.message) {
      batch.push({ build, other });
      batchChars += (build?.message.length ?? 0) + (other?.message.length ?? 0);
    }
    if (ended || batchChars >= BATCH_CHARS) {
      const found = await compareBatch();
      if (ended || found) return found;
    }
    budget.lines += 1;
    budget.chars += build.message.length;
    if (budget.lines >= COMPARED_LINES_LIMIT || budget.chars >= COMPARED_CHARS_LIMIT) {
      return (await compareBatch()) ?? 'too much';
    }
    if (budget.lines % BREATH_LINES === 0) await breathe();
  }
}

type MessagePair = [build: string | null, other: string | null];

/** The index of the first pair whose lines differ; -1 if all are the same. */
export function firstDifferent(pairs: readonly MessagePair[]): number {
  return pairs.findIndex(([build, other]) => {
    return build === null || other === null || comparableLine(build) !== comparableLine(other);
  });
}

/** The logs of both sides. One without a log has no sections. */
interface Logs {
  build: LogReader | undefined;
  other: LogReader | undefined;
}

/** One side lacks a section. Its side shows what it has at this position instead, if anything. */
async function stepDivergence(logs: Logs, pairs: readonly SectionPair[], index: number): Promise<Divergence> {
  const rest = pairs.slice(index);
  const matched = rest.findIndex((pair) => pair.build !== undefined && pair.other !== undefined);
  const apart = matched < 0 ? rest : rest.slice(0, matched);
  const sideOf = async (log: LogReader | undefined, section: DiffSection | undefined): Promise<DivergentSide> => ({
    section,
    lines: section === undefined ? [] : await new SectionLines(log, section).take(SHOWN_LINES),
  });
  return {
    kind: 'step',
    build: await sideOf(logs.build, apart.find((pair) => pair.build)?.build),
    other: await sideOf(logs.other, apart.find((pair) => pair.other)?.other),
  };
}

/** The lines of a section that are worth comparing, one by one, read in pages. */
class SectionLines {
  readonly #pages: AsyncGenerator<LogLine[], void>;
  #page: readonly LogLine[] = [];
  #at = 0;

  constructor(log: LogReader | undefined, section: DiffSection) {
    this.#pages = pagesOf(log, section);
  }

  /** The next line; undefined at the end. A promise if it must be read first. */
  next(): Answer<LogLine | undefined> {
    const line = this.#page[this.#at];
    this.#at += 1;
    return line ?? this.#nextOfPages();
  }

  /** The next lines, at most `count`. */
  async take(count: number): Promise<LogLine[]> {
    const lines: LogLine[] = [];
    while (lines.length < count) {
      const line = await this.next();
      if (line === undefined) break;
      lines.push(line);
    }
    return lines;
  }

  async #nextOfPages(): Promise<LogLine | undefined> {
    for (;;) {
      const { value: page } = await this.#pages.next();
      if (!page) return undefined;
      [this.#page, this.#at] = [page, 1];
      if (page[0] !== undefined) return page[0];
    }
  }
}

async function* pagesOf(log: LogReader | undefined, section: DiffSection): AsyncGenerator<LogLine[], void> {
  if (log === undefined) return;
  for (const range of section.ranges) {
    for await (const page of pagesIn(log, range)) {
      yield page.filter(({ message }) => {
        const isTransfer = section.stage === 'GIT_CLONE' && TRANSFER_LINE.test(message);
        return !isTransfer && !(section.step === 0 && EXPECTED_LINE.test(message));
      });
    }
  }
}

async function* pagesIn(log: LogReader, { firstLine, lastLine }: LineRange): AsyncGenerator<LogLine[], void> {
  let pageLines = FIRST_PAGE_LINES;
  for (let from = firstLine; from <= lastLine; ) {
    const page = await readLines(log, from - 1, Math.min(pageLines, lastLine - from + 1));
    if (page.length === 0) return;
    from += page.length;
    const chars = page.reduce((sum, line) => sum + line.message.length, 1);
    pageLines = Math.max(1, Math.min(PAGE_LINES, 2 * page.length, Math.floor((PAGE_CHARS * page.length) / chars)));
    yield page;
  }
}

/** A section's lines from one on; none if the section has ended. */
async function side(
  log: LogReader | undefined,
  section: DiffSection,
  first: LogLine | undefined,
): Promise<DivergentSide> {
  if (first === undefined) return { section, lines: [] };
  const from = first.lineNumber;
  const ranges = section.ranges.filter(({ lastLine }) => lastLine >= from);
  const rest = ranges.map(({ firstLine, lastLine }) => ({ firstLine: Math.max(firstLine, from), lastLine }));
  return { section, lines: await new SectionLines(log, { ...section, ranges: rest }).take(SHOWN_LINES) };
}
