import { setImmediate } from 'node:timers/promises';
import { damageOf, type LogReader, readLines } from '@slipway/logbook';
import { BadPattern, type RegexProgram, type SearchPattern, searchLog } from '@slipway/logbook/search';
import { type BuildFilter, type ListedBuild, listBuilds } from '#build/build-list-store.ts';
import type { Means } from '#rpc/context.ts';
import { invalidParameter } from '#rpc/errors/api-error.ts';
import type { Hit } from '#rpc/native-types.gen.ts';
import { isWanted, type LineFilter } from './line-filter.ts';
import { lineReply } from './log-reply.ts';

/** What one request searches for, and how much it may return. */
export interface LogSearch {
  pattern: SearchPattern;
  /** Lines before and after each hit. */
  context: number;
  /** The maximum number of hits, before the filter. */
  limit: number;
  /** Return only hits in these lines. */
  filter?: LineFilter | undefined;
}

/** Hits, and where to continue if the search stopped at its budget. */
export interface Found<Position> {
  hits: Hit[];
  next: Position | undefined;
  scannedBytes: number;
}

/** A position in the builds of a repository: a line of the build with this sequence number. */
export interface BuildPosition {
  sequence: number;
  line: number;
}

const BUDGET_MS = 800;
const BUDGET_BYTES = 1024 * 1024 * 1024;
const BUILDS_AT_ONCE = 20;

/** Searches a log from a line on, within a request's budget. A build without a log has no hits. Rejects once `signal` is aborted. */
export async function searchBuild(
  means: Pick<Means, 'db' | 'logbook'>,
  program: RegexProgram,
  id: string,
  fromLine: number,
  search: LogSearch,
  timeMs = BUDGET_MS,
  signal?: AbortSignal,
): Promise<Found<number>> {
  const { logbook } = means;
  const log = await logbook.open(id, { signal });
  if (log === undefined) return { hits: [], next: undefined, scannedBytes: 0 };
  const read = (line: number) => log.textFrom(line);
  const budget = { hits: search.limit, textBytes: BUDGET_BYTES, timeMs };
  const found = await searchLog(read, fromLine, search.pattern, budget, program).catch(asRefusal);
  const hits: Hit[] = [];
  for (const line of found.lineNumbers) hits.push(...(await withContext(log, id, line, search)));
  return { hits, next: found.done ? undefined : found.nextLine, scannedBytes: found.scannedBytes };
}

/** What a search over builds found, and how far it came. */
export interface FoundInBuilds extends Found<BuildPosition> {
  /** The builds of the hits. */
  builds: ListedBuild[];
  /** How many logs were searched to their end. */
  searchedCount: number;
  /** The builds whose logs are damaged on disk: what follows the damage was not searched. */
  damagedIds: string[];
  /** When the last build was requested that was looked at; undefined if there was none. */
  backToMs: number | undefined;
}

/**
 * Searches the logs of a list of builds, newest first, from a position on, within a request's budget. It also ends when
 * `signal` is aborted: then nobody reads what it found.
 */
export async function searchBuilds(
  means: Pick<Means, 'db' | 'logbook'>,
  program: RegexProgram,
  filter: BuildFilter,
  from: BuildPosition | undefined,
  search: LogSearch,
  signal?: AbortSignal,
): Promise<FoundInBuilds> {
  const deadlineMs = performance.now() + BUDGET_MS;
  const found: FoundInBuilds = {
    hits: [],
    builds: [],
    next: undefined,
    scannedBytes: 0,
    searchedCount: 0,
    damagedIds: [],
    backToMs: undefined,
  };
  for await (const build of buildsFrom(means, filter, from?.sequence)) {
    const { sequence, record } = build;
    // The position's build may no longer match the filter; then an older one comes first.
    const line = sequence === from?.sequence ? from.line : 1;
    const leftMs = deadlineMs - performance.now();
    const limit = search.limit - found.hits.length;
    if (limit === 0 || leftMs <= 0 || signal?.aborted) return { ...found, next: { sequence, line } };
    // Give each build enough time to judge the pattern, even the last one in this request.
    const timeMs = Math.max(leftMs, BUDGET_MS / 2);
    found.backToMs = record.createdMs;
    const id = record.buildRecordId;
    const wanted = { ...search, limit };
    const one = await searchBuild(means, program, id, line, wanted, timeMs, signal).catch((error: unknown) =>
      signal?.aborted ? undefined : unlessDamaged(error),
    );
    if (signal?.aborted) return { ...found, next: { sequence, line } };
    if (one === undefined) {
      found.damagedIds.push(id);
      continue;
    }
    if (one.hits.length > 0) found.builds.push(build);
    found.hits.push(...one.hits);
    found.scannedBytes += one.scannedBytes;
    if (one.next !== undefined) return { ...found, next: { sequence, line: one.next } };
    found.searchedCount += 1;
  }
  return found;
}

async function* buildsFrom(
  means: Pick<Means, 'db' | 'logbook'>,
  filter: BuildFilter,
  sequence: number | undefined,
): AsyncGenerator<ListedBuild> {
  let before = sequence === undefined ? undefined : sequence + 1;
  do {
    const page = { limit: BUILDS_AT_ONCE, beforeSequence: before };
    const { builds, nextSequence } = await listBuilds(means.db, { ...filter, withLog: true }, page);
    yield* builds;
    // Neither the database nor builds without logs let other work run.
    await setImmediate();
    before = nextSequence;
  } while (before !== undefined);
}

/** A hit with the lines around it; none if the filter excludes it. */
async function withContext(log: LogReader, id: string, line: number, { context, filter }: LogSearch): Promise<Hit[]> {
  const first = Math.max(1, line - context);
  const lines = await readLines(log, first - 1, line + context - first + 1);
  const at = line - first;
  const hit = lines[at];
  if (hit === undefined) throw new Error(`line ${line} of ${id} was found by a search but cannot be read`);
  if (filter !== undefined && !isWanted(hit, filter)) return [];
  const [before, after] = [lines.slice(0, at), lines.slice(at + 1)];
  return [{ BuildRecordId: id, Line: lineReply(hit), Before: before.map(lineReply), After: after.map(lineReply) }];
}

/** One damaged log does not end a search of others. */
function unlessDamaged(error: unknown): undefined {
  if (damageOf(error) === undefined) throw error;
}

function asRefusal(error: unknown): never {
  throw error instanceof BadPattern ? invalidParameter('regex', `${error.message}.`) : error;
}
