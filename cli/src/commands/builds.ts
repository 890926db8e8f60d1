import type { Build, NativeCalls } from '@slipway/client/native.gen.ts';
import type { Command } from 'commander';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import { JSON_FLAG } from '../frame/server-command.ts';
import { parseCount, parseSince } from '../input/log-filter.ts';
import { printList } from '../output/list-pages.ts';
import { utcTime } from '../output/utc-time.ts';
import { onServer, type ServerOptions, withServer } from '../server/on-server.ts';

interface BuildsOptions extends ServerOptions {
  repository?: string;
  status?: string;
  trigger?: string;
  branch?: string;
  author?: string;
  search?: string;
  since?: string;
  until?: string;
  commit?: string;
  failing: boolean;
  limit: string;
  json: boolean;
}

/** `slipway builds`: the newest builds, one per line. */
export function registerBuilds(program: Command): void {
  withServer(
    program
      .command('builds')
      .description('list builds, newest first')
      .option('--repository <namespace/name>', 'only builds of this repository')
      .option(
        '--status <status>',
        'only builds with these statuses, separated by commas: PENDING, BUILDING, SUCCESS, FAILED, CANCELED',
      )
      .option(
        '--trigger <trigger>',
        'only builds that one of these started, separated by commas: call, rule, push, pull-request, rebuild',
      )
      .option('--branch <name>', 'only builds of this branch or Git tag')
      .option('--author <name>', "only commits whose author's name begins with this, ignoring case")
      .option(
        '--search <text>',
        'only builds with this text in message, author, branch or image, or at the beginning of the commit or the id',
      )
      .option('--since <time>', 'only builds requested since this time: 2026-03-01T12:00:00Z, or 2h for two hours ago')
      .option('--until <time>', 'only builds requested before this time')
      .option('--commit <id>', 'only builds of commits with this prefix')
      .option('--failing', 'the latest build of each repository, if it failed', false)
      .option('--limit <count>', 'maximum number of builds', '30')
      .option(...JSON_FLAG, false),
  ).action(async (options: BuildsOptions) => {
    const limit = parseCount('--limit', options.limit, 1);
    const query = queryOf(options);
    const { json } = options;
    await onServer(options, async (server) => {
      const entries = ({ Builds }: { Builds: readonly Build[] }) => Builds;
      const none = options.failing ? 'the latest build of no repository failed' : 'no builds found';
      const list = { query, entries, limit, json, row, none };
      if (options.failing) await printList(server.client, { ...list, operation: 'listFailing' });
      else await printList(server.client, { ...list, operation: 'listBuilds' });
    });
  });
}

/** Throws `CliError` if the options do not fit each other. */
function queryOf(options: BuildsOptions): NativeCalls['listBuilds']['params'] {
  const { repository, status, trigger, branch, author, search, commit, since, until } = options;
  const timeOf = (time: string | undefined) => (time === undefined ? undefined : parseSince(time, Date.now()));
  const query = { status, trigger, branch, author, search, commit, since: timeOf(since), until: timeOf(until) };
  if (!options.failing) return { repository, ...query };
  if (Object.values(query).some((value) => value !== undefined))
    throw new CliError(EXIT_CODES.usage, '--failing can be combined only with --repository and --limit');
  return { repository };
}

function row(build: Build): string {
  const created = utcTime(build.CreateTime);
  const ran =
    build.EndTime === undefined || build.StartTime === undefined ? '-' : seconds(build.EndTime - build.StartTime);
  const image = `${build.Repository}:${build.ImageTag}`;
  return `${build.BuildRecordId}  ${created}  ${build.Status.padEnd(8)}  ${ran.padStart(9)}  ${image}`;
}

function seconds(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(2)} s`;
}
