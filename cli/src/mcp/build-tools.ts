import { callNative } from '@slipway/client/call-native.ts';
import type { Build } from '@slipway/client/native.gen.ts';
import { listPages } from '../output/list-pages.ts';
import { logFlags } from './log-flags.ts';
import { lineOf } from './log-tools.ts';
import { buildIdOf, countOf, optionalTextOf, type Tool } from './tool.ts';

const FILTERS = ['repository', 'status', 'trigger', 'branch', 'author', 'search', 'commit'] as const;

/** Builds by filters. */
export const listBuilds: Tool = {
  name: 'list_builds',
  description: 'List builds, newest first.',
  inputSchema: {
    type: 'object',
    properties: {
      repository: { type: 'string', description: 'NAMESPACE/NAME' },
      status: { type: 'string', description: 'with commas: PENDING, BUILDING, SUCCESS, FAILED, CANCELED' },
      trigger: { type: 'string', description: 'with commas: call, rule, push, pull-request, rebuild' },
      branch: { type: 'string', description: 'branch or Git tag, as in main' },
      author: { type: 'string', description: "beginning of the name of the commit's author" },
      search: {
        type: 'string',
        description: 'text in message, author, branch or image, or the beginning of a commit or build id',
      },
      commit: { type: 'string', description: 'beginning of a commit id' },
      limit: { type: 'integer', minimum: 1, maximum: 100, description: '20 when absent' },
    },
  },
  async run(client, args) {
    const filter = Object.fromEntries(FILTERS.map((name) => [name, optionalTextOf(args, name)]));
    const limit = countOf(args, 'limit', 20, 1, 100);
    const builds: Build[] = [];
    let isEnd = true;
    // A search that stopped at its budget goes on.
    for await (const page of listPages(client, 'listBuilds', () => ({ ...filter, limit: limit - builds.length }))) {
      builds.push(...page.Builds);
      isEnd = page.Cursor === undefined;
      if (builds.length >= limit) break;
    }
    return { truncated: !isEnd, builds };
  },
};

/** Why a build failed. */
export const failureCard: Tool = {
  name: 'failure_card',
  description:
    'Why a build failed: the failing step and its exit code, the first line that looks like an error, and the last lines.',
  inputSchema: {
    type: 'object',
    properties: { build_id: { type: 'string', description: 'BuildRecordId, a UUID' } },
    required: ['build_id'],
  },
  async run(client, args) {
    const id = buildIdOf(args);
    const card = await callNative(client, 'getCard', { id });
    const { RequestId: _, LastLines, ErrorLine, ...rest } = card;
    return {
      ...(await logFlags(client, id, true)),
      ...rest,
      ...(ErrorLine === undefined ? {} : { error_line: lineOf(ErrorLine) }),
      last_lines: LastLines.map(lineOf),
    };
  },
};
