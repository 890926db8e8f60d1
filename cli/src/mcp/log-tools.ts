import type { Client } from '@slipway/client/client.ts';
import type { LogLine } from '../log-line.ts';
import { readReply } from '../native-reply.ts';
import { logFlags } from './log-flags.ts';
import { buildIdOf, countOf, type Tool, textOf } from './tool.ts';

const buildId = { type: 'string', description: 'BuildRecordId, a UUID' };
const PAGE_LIMIT = 1000;
const SEARCH_ROUNDS = 10;

/** Lines of a log from a line on. */
export const readLog: Tool = {
  name: 'read_log',
  description: 'Read lines of a build log, from a line number on. Lines are numbered from 1 without gaps.',
  inputSchema: {
    type: 'object',
    properties: {
      build_id: buildId,
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
  description: 'Read the last lines of a build log, of a running build too.',
  inputSchema: {
    type: 'object',
    properties: {
      build_id: buildId,
      count: { type: 'integer', minimum: 1, maximum: PAGE_LIMIT, description: 'lines at most; 100 when absent' },
    },
    required: ['build_id'],
  },
  async run(client, args) {
    const id = buildIdOf(args);
    const count = countOf(args, 'count', 100, 1, PAGE_LIMIT);
    const { TotalCount } = await readReply(await client.fetch(`/api/v1/builds/${id}/log?limit=1`));
    return page(client, id, Math.max(0, Number(TotalCount) - count), count);
  },
};

/** Lines of a log that match. */
export const searchLog: Tool = {
  name: 'search_log',
  description:
    'Find lines of a build log by a regular expression (no look-around, no back-references) or, with fixed, a text. Where ' +
    'the answer has next_line, the log was not looked through to its end: call again with that from_line.',
  inputSchema: {
    type: 'object',
    properties: {
      build_id: buildId,
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
    const query = new URLSearchParams({
      [args.fixed === true ? 'q' : 'regex']: textOf(args, 'pattern'),
      context: String(countOf(args, 'context', 0, 0, 20)),
      ...(args.ignore_case === true ? { ignorecase: 'true' } : {}),
    });
    const hits: { Line: LogLine; Before: LogLine[]; After: LogLine[] }[] = [];
    let cursor: unknown = countOf(args, 'from_line', 1, 1, Number.MAX_SAFE_INTEGER);
    for (let round = 0; round < SEARCH_ROUNDS; round += 1) {
      query.set('limit', String(limit - hits.length));
      query.set('cursor', String(cursor));
      const reply = await readReply(await client.fetch(`/api/v1/builds/${id}/log/search?${query}`));
      hits.push(...(reply.Hits as typeof hits));
      cursor = reply.Cursor;
      if (cursor === undefined || hits.length >= limit) break;
    }
    return {
      ...(await logFlags(client, id, cursor !== undefined)),
      ...(cursor === undefined ? {} : { next_line: Number(cursor) }),
      hits: hits.map(({ Line, Before, After }) => ({
        ...lineOf(Line),
        ...(Before.length > 0 ? { before: Before.map(lineOf) } : {}),
        ...(After.length > 0 ? { after: After.map(lineOf) } : {}),
      })),
    };
  },
};

/** A line as a model reads it: short names, and nothing that says nothing. */
export function lineOf(line: LogLine) {
  return {
    line: line.LineNumber,
    stage: line.BuildStage,
    ...(line.Step > 0 ? { step: line.Step } : {}),
    message: line.Message,
  };
}

async function page(client: Client, id: string, offset: number, count: number): Promise<Record<string, unknown>> {
  const reply = await readReply(await client.fetch(`/api/v1/builds/${id}/log?offset=${offset}&limit=${count}`));
  const lines = reply.Lines as LogLine[];
  const total = Number(reply.TotalCount);
  return {
    ...(await logFlags(client, id, offset > 0 || offset + lines.length < total)),
    total_lines: total,
    lines: lines.map(lineOf),
  };
}
