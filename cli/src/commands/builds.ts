import type { Build, NativeCalls } from '@slipway/client/native.gen.ts';
import type { Command } from 'commander';
import { JSON_FLAG } from '../frame/server-command.ts';
import { parseCount, parseSince } from '../input/log-filter.ts';
import { printList } from '../output/list-pages.ts';
import { utcTime } from '../output/utc-time.ts';
import { onServer, type ServerOptions, withServer } from '../server/on-server.ts';

interface BuildsOptions extends ServerOptions {
  repository?: string;
  status?: string;
  since?: string;
  commit?: string;
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
      .option('--since <time>', 'only builds requested since this time: 2026-03-01T12:00:00Z, or 2h for two hours ago')
      .option('--commit <id>', 'only builds of commits with this prefix')
      .option('--limit <count>', 'maximum number of builds', '30')
      .option(...JSON_FLAG, false),
  ).action(async (options: BuildsOptions) => {
    const limit = parseCount('--limit', options.limit, 1);
    const query = queryOf(options);
    const { json } = options;
    await onServer(options, async (server) => {
      const entries = ({ Builds }: NativeCalls['listBuilds']['reply']) => Builds;
      await printList(server.client, { operation: 'listBuilds', query, entries, limit, json, row });
    });
  });
}

function queryOf({ repository, status, commit, since }: BuildsOptions): NativeCalls['listBuilds']['params'] {
  return { repository, status, commit, since: since === undefined ? undefined : parseSince(since, Date.now()) };
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
