import type { Client } from '@slipway/client/client.ts';
import type { LogLine } from '../log-line.ts';
import { readReply } from '../native-reply.ts';
import { logFlags } from './log-flags.ts';
import { lineOf } from './log-tools.ts';
import { buildIdOf, type Tool } from './tool.ts';

const PAGE_LINES = 1000;
const LINES_LIMIT = 20_000;
const SHOWN_LINES = 10;

/** Where one build first went another way than another. */
export const diffLogs: Tool = {
  name: 'diff_logs',
  description: 'Where the log of one build first differs from that of another, ignoring times, durations and hashes.',
  inputSchema: {
    type: 'object',
    properties: {
      build_id: { type: 'string', description: 'BuildRecordId of the build in question' },
      other_build_id: { type: 'string', description: 'BuildRecordId of the one to compare with, a good one say' },
    },
    required: ['build_id', 'other_build_id'],
  },
  async run(client, args) {
    const id = buildIdOf(args);
    const otherId = buildIdOf(args, 'other_build_id');
    const [one, other] = await Promise.all([readLines(client, id), readLines(client, otherId)]);
    const flags = await logFlags(client, id, one.truncated || other.truncated);
    const at = firstDifference(one.lines, other.lines);
    if (at === undefined) return { ...flags, same: true };
    return {
      ...flags,
      same: false,
      lines: one.lines.slice(at, at + SHOWN_LINES).map(lineOf),
      other_lines: other.lines.slice(at, at + SHOWN_LINES).map(lineOf),
    };
  },
};

/** The first place where two logs differ, after their headers; undefined where they are alike to the end. */
export function firstDifference(one: readonly LogLine[], other: readonly LogLine[]): number | undefined {
  for (let at = 1; at < Math.max(one.length, other.length); at += 1) {
    const [left, right] = [one[at], other[at]];
    if (left === undefined || right === undefined || !isAlike(left, right)) return at;
  }
  return undefined;
}

function isAlike(left: LogLine, right: LogLine): boolean {
  return (
    left.BuildStage === right.BuildStage && left.Step === right.Step && plain(left.Message) === plain(right.Message)
  );
}

/** A message without what differs from build to build: ids, hashes, times of day, durations and sizes. */
function plain(message: string): string {
  return message
    .replace(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, '<id>')
    .replace(/\b[0-9a-f]{11,64}\b/gi, '<hash>')
    .replace(/\b\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?)?\S*/g, '<time>')
    .replace(/\b\d\d?:\d\d(:\d\d)?(\.\d+)?\b/g, '<time>')
    .replace(/\b\d+(\.\d+)? ?(ms|s|m|h|sec|seconds?|minutes?|[kKMG]i?B(\/s)?)\b/g, '<amount>');
}

async function readLines(client: Client, id: string): Promise<{ lines: LogLine[]; truncated: boolean }> {
  const lines: LogLine[] = [];
  for (;;) {
    const path = `/api/v1/builds/${id}/log?offset=${lines.length}&limit=${PAGE_LINES}`;
    const { Lines, TotalCount } = await readReply(await client.fetch(path));
    lines.push(...(Lines as LogLine[]));
    if (lines.length >= Number(TotalCount)) return { lines, truncated: false };
    if (lines.length >= LINES_LIMIT) return { lines, truncated: true };
  }
}
