import { callNative } from '@slipway/client/call-native.ts';
import type { Client } from '@slipway/client/client.ts';
import type { Hit, Line, NativeCalls } from '@slipway/client/native.gen.ts';
import { listPages } from '../output/list-pages.ts';
import { logFlags } from './log-flags.ts';
import { buildIdOf, countOf, optionalTextOf, type Tool, textOf } from './tool.ts';

const BUILD_ID = { type: 'string', description: 'BuildRecordId, a UUID' };
const PAGE_LIMIT = 1000;
const SEARCH_ROUNDS = 10;

/** Lines of a log from a given line. */
export const readLog: Tool = {
  name: 'read_log',
  description: 'Read lines of a build log, from a line number on. Lines are numbered from 1 without gaps.',
  inputSchema: {
    type: 'object',
    properties: {
      build_id: BUILD_ID,
      from_line: { type: 'integer', minimum: 1, description: 'first line; 1 when absent' },
      count: { type: 'integer', minimum: 1, maximum: PAGE_LIMIT, description: 'lines at most; 200 when absent' },
    },
    required: ['build_id'],
  },
  async run(client, args) {
    const id = buildIdOf(args);
    const fromLine = countOf(args, 'from_line', 1, 1, Number.MAX_SAFE_INTEGER);
    return page(client, id, fromLine - 1, countOf(args, 'count', 200, 1, PAGE_LIMIT));
  },
};

/** The last lines of a log. */
export const tailLog: Tool = {
  name: 'tail_log',
  description: 'Read the last lines of a build log, also while the build runs.',
  inputSchema: {
    type: 'object',
    properties: {
      build_id: BUILD_ID,
      count: { type: 'integer', minimum: 1, maximum: PAGE_LIMIT, description: 'lines at most; 100 when absent' },
    },
    required: ['build_id'],
  },
  async run(client, args) {
    const id = buildIdOf(args);
    const count = countOf(args, 'count', 100, 1, PAGE_LIMIT);
    const { TotalCount } = await callNative(client, 'getLogPage', { id, limit: 1 });
    return page(client, id, Math.max(0, TotalCount - count), count);
  },
};

/** Lines of a log that match. */
export const searchLog: Tool = {
  name: 'search_log',
  description:
    'Find lines of a build log by a regular expression (no look-around, no back-references) or, with fixed, a text. Where ' +
    'the answer has next_line, the search did not reach the end of the log: call again with that from_line.',
  inputSchema: {
    type: 'object',
    properties: {
      build_id: BUILD_ID,
      pattern: { type: 'string' },
      fixed: { type: 'boolean', description: 'the pattern is a text' },
      ignore_case: { type: 'boolean' },
      from_line: { type: 'integer', minimum: 1, description: 'look from this line on; 1 when absent' },
      context: { type: 'integer', minimum: 0, maximum: 20, description: 'lines before and after each; 0 when absent' },
      limit: { type: 'integer', minimum: 1, maximum: 200, description: 'hits at most; 50 when absent' },
    },
    required: ['build_id', 'pattern'],
  },
  async run(client, args) {
    const id = buildIdOf(args);
    const limit = countOf(args, 'limit', 50, 1, 200);
    const pattern = textOf(args, 'pattern');
    const query = {
      ...(args.fixed === true ? { q: pattern } : { regex: pattern }),
      context: countOf(args, 'context', 0, 0, 20),
      ignorecase: args.ignore_case === true || undefined,
    };
    const hits: Hit[] = [];
    const first = countOf(args, 'from_line', 1, 1, Number.MAX_SAFE_INTEGER);
    let [cursor, rounds]: [string | undefined, number] = [undefined, 0];
    const queryLeft = () => ({ id, ...query, limit: limit - hits.length, cursor: first });
    for await (const page of listPages(client, 'searchLog', queryLeft)) {
      hits.push(...page.Hits);
      cursor = page.Cursor;
      rounds += 1;
      if (rounds === SEARCH_ROUNDS || hits.length >= limit) break;
    }
    return {
      ...(await logFlags(client, id, cursor !== undefined)),
      ...(cursor === undefined ? {} : { next_line: Number(cursor) }),
      hits: hits.map(hitOf),
    };
  },
};

/** Lines of many logs that match. */
export const searchLogs: Tool = {
  name: 'search_logs',
  description:
    'Find lines in the logs of many builds, newest first, by a regular expression (no look-around, no back-references) or, ' +
    'with fixed, a text. Where the answer has cursor, older builds were not searched: call again with it.',
  inputSchema: {
    type: 'object',
    properties: {
      pattern: { type: 'string' },
      fixed: { type: 'boolean', description: 'the pattern is a text' },
      ignore_case: { type: 'boolean' },
      repository: { type: 'string', description: 'NAMESPACE/NAME' },
      status: { type: 'string', description: 'with commas: PENDING, BUILDING, SUCCESS, FAILED, CANCELED' },
      branch: { type: 'string', description: 'branch or Git tag, as in main' },
      context: { type: 'integer', minimum: 0, maximum: 20, description: 'lines before and after each; 0 when absent' },
      limit: { type: 'integer', minimum: 1, maximum: 200, description: 'hits at most; 50 when absent' },
      cursor: { type: 'string', description: 'of the last answer' },
    },
    required: ['pattern'],
  },
  async run(client, args) {
    const limit = countOf(args, 'limit', 50, 1, 200);
    const pattern = textOf(args, 'pattern');
    const [repository, status, branch, given] = ['repository', 'status', 'branch', 'cursor'].map((name) =>
      optionalTextOf(args, name),
    );
    const query = {
      ...(args.fixed === true ? { q: pattern } : { regex: pattern }),
      repository,
      status,
      branch,
      context: countOf(args, 'context', 0, 0, 20),
      ignorecase: args.ignore_case === true || undefined,
    };
    const found: NativeCalls['searchLogs']['reply'][] = [];
    let [cursor, left] = [given, limit];
    for await (const page of listPages(client, 'searchLogs', () => ({ ...query, limit: left, cursor: given }))) {
      found.push(page);
      left -= page.Hits.length;
      cursor = page.Cursor;
      if (found.length === SEARCH_ROUNDS || left <= 0) break;
    }
    const builds = new Map(found.flatMap(({ Builds }) => Builds).map((build) => [build.BuildRecordId, build]));
    return {
      truncated: cursor !== undefined,
      ...(cursor === undefined ? {} : { cursor }),
      searched_builds: found.reduce((sum, { SearchedBuilds }) => sum + SearchedBuilds, 0),
      damaged_builds: found.flatMap(({ DamagedBuilds }) => DamagedBuilds),
      builds: [...builds.values()].map(({ BuildRecordId, Repository, ImageTag, Status, CreateTime }) => ({
        build_id: BuildRecordId,
        image: `${Repository}:${ImageTag}`,
        status: Status,
        requested: new Date(CreateTime).toISOString(),
        hits: found.flatMap(({ Hits }) => Hits.filter((hit) => hit.BuildRecordId === BuildRecordId)).map(hitOf),
      })),
    };
  },
};

function hitOf({ Line, Before, After }: Hit) {
  return {
    ...lineOf(Line),
    ...(Before.length > 0 ? { before: Before.map(lineOf) } : {}),
    ...(After.length > 0 ? { after: After.map(lineOf) } : {}),
  };
}

/** A line for a model: short names, and no empty fields. */
export function lineOf(line: Line) {
  return {
    line: line.LineNumber,
    stage: line.BuildStage,
    ...(line.Step > 0 ? { step: line.Step } : {}),
    message: line.Message,
  };
}

async function page(client: Client, id: string, offset: number, count: number): Promise<Record<string, unknown>> {
  const { Lines: lines, TotalCount: total } = await callNative(client, 'getLogPage', { id, offset, limit: count });
  return {
    ...(await logFlags(client, id, offset > 0 || offset + lines.length < total)),
    total_lines: total,
    lines: lines.map(lineOf),
  };
}
