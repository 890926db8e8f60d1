import type { SearchPattern } from '@slipway/logbook/search.ts';
import type { RegexProgram } from '@slipway/logbook/search-regex.ts';
import type { FastifyInstance } from 'fastify';
import { invalidParameter, missingParameter } from '#rpc/api-error.ts';
import { boolean, integer, type QueryValues, readQuery, text } from './api-query.ts';
import { REPOSITORY_NAME } from './build-routes.ts';
import { FILTER_QUERY, filterOf } from './line-filter.ts';
import { logReaderOf } from './log-reader.ts';
import { type LogSearch, searchBuild, searchBuilds } from './log-search.ts';
import { allow, type BuildRequest, callerOf, getRepositoryNamed, type NativeApi } from './native-api.ts';
import type { SearchGate } from './search-gate.ts';

/** What searches need beside the API: the program for regular expressions, and the gate that they pass one by one. */
export interface SearchRoutesOptions {
  api: NativeApi;
  program: RegexProgram;
  gate: SearchGate;
}

const PATTERN_LIMIT_CHARS = 1000;
const HITS_DEFAULT = 100;
const HITS_LIMIT = 1000;
const CONTEXT_LIMIT_LINES = 20;

const pattern = text(
  new RegExp(`^[^\\n\\0]{1,${PATTERN_LIMIT_CHARS}}$`, 'su'),
  `a text of at most ${PATTERN_LIMIT_CHARS} characters without a line end`,
);
const SEARCH_QUERY = {
  q: pattern,
  regex: pattern,
  ignorecase: boolean,
  context: integer(0, CONTEXT_LIMIT_LINES),
  limit: integer(1, HITS_LIMIT),
  ...FILTER_QUERY,
};
const LOG_QUERY = { ...SEARCH_QUERY, cursor: integer(1, Number.MAX_SAFE_INTEGER) };
const REPOSITORY_QUERY = {
  repository: REPOSITORY_NAME,
  ...SEARCH_QUERY,
  cursor: text(/^\d{1,15}:\d{1,15}$/, 'a Cursor that a search of this kind gave'),
};

/**
 * `GET /builds/ID/log/search` looks for a text (`q`) or a regular expression (`regex`) in one log, `GET /log/search` in
 * those of a repository's builds, the newest first. A search that stops at its budget gives a Cursor to go on from.
 */
export async function logSearchRoutes(app: FastifyInstance, options: SearchRoutesOptions): Promise<void> {
  const { api, program, gate } = options;

  app.get('/builds/:id/log/search', async (request: BuildRequest) => {
    const { principal, record } = await logReaderOf(api, request);
    const query = readQuery(request, LOG_QUERY);
    const search = searchOf(query);
    const id = record.buildRecordId;
    const found = await gate.run(principal, () => searchBuild(api, program, id, query.cursor ?? 1, search));
    return {
      RequestId: request.id,
      Hits: found.hits,
      ScannedBytes: found.scannedBytes,
      Cursor: found.next === undefined ? undefined : String(found.next),
    };
  });

  app.get('/log/search', async (request) => {
    const principal = await callerOf(api, request);
    allow(api, { request, principal }, 'cr:GetRepositoryBuildLog', '*');
    const query = readQuery(request, REPOSITORY_QUERY);
    const search = searchOf(query);
    if (query.repository === undefined) throw missingParameter('repository');
    // Its hits name builds: who may read logs may not find those of any repository by that alone.
    allow(api, { request, principal }, 'cr:ListRepositoryBuild', `repository/${api.instanceId}/${query.repository}`);
    const { repoId } = await getRepositoryNamed(api, query.repository);
    const filter = { instanceId: api.instanceId, repoIds: [repoId] };
    const [sequence = 0, line = 1] = query.cursor?.split(':').map(Number) ?? [];
    const from = query.cursor === undefined ? undefined : { sequence, line };
    const found = await gate.run(principal, () => searchBuilds(api, program, filter, from, search));
    return {
      RequestId: request.id,
      Hits: found.hits,
      ScannedBytes: found.scannedBytes,
      Cursor: found.next && `${found.next.sequence}:${found.next.line}`,
    };
  });
}

function searchOf(query: QueryValues<typeof SEARCH_QUERY>): LogSearch {
  const { q, regex, ignorecase: ignoreCase = false, context = 0, limit = HITS_DEFAULT } = query;
  if (q !== undefined && regex !== undefined) throw invalidParameter('regex', 'q is given too.');
  return { pattern: patternOf(q, regex, ignoreCase), context, limit, filter: filterOf(query) };
}

function patternOf(q: string | undefined, regex: string | undefined, ignoreCase: boolean): SearchPattern {
  if (q !== undefined) return { kind: 'literal', text: q, ignoreCase };
  if (regex === undefined) throw missingParameter('q');
  return { kind: 'regex', expression: regex, ignoreCase };
}
