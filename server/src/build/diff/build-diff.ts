import { setImmediate as breathe } from 'node:timers/promises';
import type { Logbook, LogLine } from '@slipway/logbook';
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
  for (const [index, pair] of pairs.entries()) {
    const { build, other } = pair;
    const comparedLines = budget.lines;
    if (build === undefined || other === undefined) {
      return { first: stepDivergence(logbook, buildId, otherId, pairs, index), comparedLines, complete: true };
    }
    if (!build.cached && !other.cached) {
      const found = await firstDifference(
        work,
        linesOf(logbook, buildId, build),
        linesOf(logbook, otherId, other),
        budget,
      );
      const compared = { comparedLines: budget.lines, complete: found !== 'too much' };
      if (found === 'too much') return { first: undefined, ...compared };
      if (found) {
        const sides = {
          build: side(logbook, buildId, build, found.build),
          other: side(logbook, otherId, other, found.other),
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
  left: Iterator<LogLine, undefined>,
  right: Iterator<LogLine, undefined>,
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
    const [build, other] = [left.next().value, right.next().value];
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

/** One side lacks a section. Its side shows what it has at this position instead, if anything. */
function stepDivergence(
  logbook: Logbook,
  buildId: string,
  otherId: string,
  pairs: readonly SectionPair[],
  index: number,
): Divergence {
  const rest = pairs.slice(index);
  const matched = rest.findIndex((pair) => pair.build !== undefined && pair.other !== undefined);
  const apart = matched < 0 ? rest : rest.slice(0, matched);
  const sideOf = (id: string, section: DiffSection | undefined): DivergentSide => ({
    section,
    lines: section === undefined ? [] : [...take(linesOf(logbook, id, section), SHOWN_LINES)],
  });
  return {
    kind: 'step',
    build: sideOf(buildId, apart.find((pair) => pair.build)?.build),
    other: sideOf(otherId, apart.find((pair) => pair.other)?.other),
  };
}

/** The lines of a section that are worth comparing. */
function* linesOf(logbook: Logbook, id: string, section: DiffSection): Generator<LogLine, undefined> {
  for (const range of section.ranges)
    for (const line of linesIn(logbook, id, range)) {
      const isTransfer = section.stage === 'GIT_CLONE' && TRANSFER_LINE.test(line.message);
      const isExpected = section.step === 0 && EXPECTED_LINE.test(line.message);
      if (!isExpected && !isTransfer) yield line;
    }
  return undefined;
}

function* linesIn(logbook: Logbook, id: string, { firstLine, lastLine }: LineRange): Generator<LogLine, undefined> {
  let pageLines = FIRST_PAGE_LINES;
  for (let from = firstLine; from <= lastLine; ) {
    const page = logbook.lines(id, from - 1, Math.min(pageLines, lastLine - from + 1));
    if (page.length === 0) return undefined;
    from += page.length;
    const chars = page.reduce((sum, line) => sum + line.message.length, 1);
    pageLines = Math.max(1, Math.min(PAGE_LINES, 2 * page.length, Math.floor((PAGE_CHARS * page.length) / chars)));
    yield* page;
  }
  return undefined;
}

/** A section's lines from one on; none if the section has ended. */
function side(logbook: Logbook, id: string, section: DiffSection, first: LogLine | undefined): DivergentSide {
  if (first === undefined) return { section, lines: [] };
  const from = first.lineNumber;
  const ranges = section.ranges.filter(({ lastLine }) => lastLine >= from);
  const rest = ranges.map(({ firstLine, lastLine }) => ({ firstLine: Math.max(firstLine, from), lastLine }));
  return { section, lines: [...take(linesOf(logbook, id, { ...section, ranges: rest }), SHOWN_LINES)] };
}

function* take<T>(items: Generator<T, undefined>, count: number): Generator<T, undefined> {
  for (let taken = 0; taken < count; taken++) {
    const item = items.next();
    if (item.done) return undefined;
    yield item.value;
  }
  return undefined;
}
