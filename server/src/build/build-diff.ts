import { setImmediate as breathe } from 'node:timers/promises';
import type { Logbook, LogLine } from '@slipway/logbook';
import { comparableLine } from './diff-line.ts';
import type { DiffSection, SectionPair } from './diff-section.ts';

/** Where two builds first went different ways. */
export interface Divergence {
  /** `lines`: they said different things; `exit-code`: they said the same and ended differently; `step`: one has a step that the other has not. */
  kind: 'lines' | 'exit-code' | 'step';
  build: DivergentSide;
  other: DivergentSide;
}

/** One side of a divergence: its section, if it has one there, and its lines from the first different one on. */
export interface DivergentSide {
  section: DiffSection | undefined;
  lines: LogLine[];
}

/** What comparing two logs gave. */
export interface LogDiff {
  first: Divergence | undefined;
  comparedLines: number;
  /** Whether all was compared; false where the logs are longer than is compared in one request. */
  complete: boolean;
}

const PAGE_LINES = 500;
const SHOWN_LINES = 5;
const COMPARED_LINES_LIMIT = 500_000;
/** Lines of the runner that tell what is built, which is known to differ and is told apart. A step may print such lines too. */
const SOURCE_LINE = /^(source: |commit [0-9a-f]{7,64} |base image \S+ is |Slipway \S+, build )/;
/** What git says of a transfer depends on what the host has packed. */
const TRANSFER_LINE = /^(remote: |From |Receiving objects|Resolving deltas| \* branch )/;

/**
 * Walks two aligned logs until they differ, ignoring what differs in every run. A step that came from the cache on one
 * side has no lines to compare.
 */
export async function diffLogs(
  logbook: Logbook,
  buildId: string,
  otherId: string,
  pairs: readonly SectionPair[],
): Promise<LogDiff> {
  let comparedLines = 0;
  for (const [index, pair] of pairs.entries()) {
    const { build, other } = pair;
    if (build === undefined || other === undefined) {
      return { first: stepDivergence(logbook, buildId, otherId, pairs, index), comparedLines, complete: true };
    }
    if (!build.cached && !other.cached) {
      const [left, right] = [linesOf(logbook, buildId, build), linesOf(logbook, otherId, other)];
      for (;;) {
        const [a, b] = [left.next(), right.next()];
        if (a.done && b.done) break;
        if (a.done || b.done || comparableLine(a.value.message) !== comparableLine(b.value.message)) {
          const sides = { build: side(a, left, build), other: side(b, right, other) };
          return { first: { kind: 'lines', ...sides }, comparedLines, complete: true };
        }
        comparedLines += 1;
        if (comparedLines >= COMPARED_LINES_LIMIT) return { first: undefined, comparedLines, complete: false };
        if (comparedLines % PAGE_LINES === 0) await breathe();
      }
    }
    if (build.exitCode !== other.exitCode) {
      const sides = { build: { section: build, lines: [] }, other: { section: other, lines: [] } };
      return { first: { kind: 'exit-code', ...sides }, comparedLines, complete: true };
    }
  }
  return { first: undefined, comparedLines, complete: true };
}

/** One side lacks a section: the other side is what it has at this place instead, if it has anything. */
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

/** The lines of a section that say what happened. */
function* linesOf(logbook: Logbook, id: string, section: DiffSection): Generator<LogLine, undefined> {
  for (let from = section.firstLine; from <= section.lastLine; from += PAGE_LINES) {
    const limit = Math.min(PAGE_LINES, section.lastLine - from + 1);
    for (const line of logbook.lines(id, from - 1, limit)) {
      const isTransfer = section.stage === 'GIT_CLONE' && TRANSFER_LINE.test(line.message);
      const isSource = section.step === 0 && SOURCE_LINE.test(line.message);
      if (!isSource && !isTransfer) yield line;
    }
  }
  return undefined;
}

function side(
  first: IteratorResult<LogLine, undefined>,
  rest: Generator<LogLine, undefined>,
  section: DiffSection,
): DivergentSide {
  return { section, lines: first.done ? [] : [first.value, ...take(rest, SHOWN_LINES - 1)] };
}

function* take<T>(items: Generator<T, undefined>, count: number): Generator<T, undefined> {
  for (let taken = 0; taken < count; taken++) {
    const item = items.next();
    if (item.done) return undefined;
    yield item.value;
  }
  return undefined;
}
