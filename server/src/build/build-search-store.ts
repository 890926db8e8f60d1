import { setImmediate } from 'node:timers/promises';
import type { Database } from '#db/database.ts';
import {
  type BuildFilter,
  type ListedBuild,
  type ListPage,
  listedBuilds,
  matchingBuilds,
  readSliceStart,
} from './build-list-store.ts';

/** How much one search may do. */
export interface ListSearchBudget {
  timeMs: number;
  /** How many builds it goes past, also of those that a filter leaves out, before it lets other work run. */
  sliceRows: number;
}

/** What a search of a list found, and how far it came. */
export interface FoundInList {
  builds: ListedBuild[];
  /** Where to continue; undefined at the end. */
  nextSequence: number | undefined;
  /** When the last build was requested that was looked at, if the search stopped at its budget. */
  backToMs: number | undefined;
}

const BUDGET: ListSearchBudget = { timeMs: 800, sliceRows: 500 };
/** Shorter beginnings of ids would find builds that nobody meant. */
const ID_PREFIX = /^[0-9a-f-]{4,64}$/;

/**
 * Searches a list of builds, newest first, for a text in either case: part of the message, author, branch or image, or the
 * beginning of the commit or id. No index helps to find a part of a text that many builds have, so the search goes through the
 * list in slices, between which other requests get their turn. It stops at a full page, at its budget, or when `signal` is aborted:
 * then nobody reads what it found.
 */
export async function searchBuildList(
  db: Database,
  filter: BuildFilter,
  text: string,
  { limit, beforeSequence }: ListPage,
  signal?: AbortSignal,
  { timeMs, sliceRows }: ListSearchBudget = BUDGET,
): Promise<FoundInList> {
  if (filter.repoIds?.length === 0) return { builds: [], nextSequence: undefined, backToMs: undefined };
  const deadlineMs = performance.now() + timeMs;
  const isWanted = textFilter(text);
  const found: number[] = [];
  for (let before = beforeSequence; !signal?.aborted; await setImmediate()) {
    const start = await readSliceStart(db, filter, { limit: sliceRows, beforeSequence: before });
    const rows = await readSlice(db, filter, start.sequence, before);
    found.push(...rows.filter(isWanted).map(({ sequence }) => sequence));
    const builds = () => listedBuilds(db, found.slice(0, limit));
    const isFull = found.length >= limit;
    if (start.isLast && found.length <= limit)
      return { builds: await builds(), nextSequence: undefined, backToMs: undefined };
    if (isFull) return { builds: await builds(), nextSequence: found[limit - 1], backToMs: undefined };
    if (performance.now() >= deadlineMs)
      return { builds: await builds(), nextSequence: start.sequence, backToMs: start.createdMs };
    before = start.sequence;
  }
  return { builds: [], nextSequence: beforeSequence, backToMs: undefined };
}

type Row = Awaited<ReturnType<typeof readSlice>>[number];

/** What is searched of the builds of a slice. */
function readSlice(db: Database, filter: BuildFilter, from: number, beforeSequence: number | undefined) {
  const slice = matchingBuilds(db, filter, { beforeSequence }).where('build_record.sequence', '>=', from);
  return db
    .selectFrom(slice.as('slice'))
    .innerJoin('build_record as b', 'b.sequence', 'slice.sequence')
    .innerJoin('repository as r', 'r.repo_id', 'b.repo_id')
    .select(['b.sequence', 'b.build_record_id', 'b.commit_id', 'b.branch', 'b.image_tag'])
    .select(['b.commit_author', 'b.commit_message', 'r.namespace_name', 'r.name'])
    .orderBy('b.sequence', 'desc')
    .execute();
}

/** SQLite knows the two cases of ASCII letters only, so the texts are compared here. */
function textFilter(text: string): (row: Row) => boolean {
  const wanted = text.toLowerCase();
  const isPrefix = ID_PREFIX.test(wanted);
  const has = (value: string | null) => value?.toLowerCase().includes(wanted) ?? false;
  return (row) =>
    has(row.commit_message) ||
    has(row.commit_author) ||
    has(row.branch) ||
    has(`${row.namespace_name}/${row.name}:${row.image_tag}`) ||
    (isPrefix && (row.build_record_id.startsWith(wanted) || (row.commit_id?.startsWith(wanted) ?? false)));
}
