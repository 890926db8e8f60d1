import { counted } from '@slipway/client/counted.ts';
import type { Call, NativeCalls } from '@slipway/client/native.gen.ts';
import type { Command } from 'commander';
import { JSON_FLAG } from '../frame/server-command.ts';
import { parseCount, parseSince } from '../input/log-filter.ts';
import { printList } from '../output/list-pages.ts';
import { utcTime } from '../output/utc-time.ts';
import { onServer, type ServerOptions, withServer } from '../server/on-server.ts';

interface CallsOptions extends ServerOptions {
  request?: string;
  caller?: string;
  key?: string;
  action?: string;
  result?: string;
  since?: string;
  until?: string;
  limit: string;
  json: boolean;
}

/** `slipway calls`: who called what, newest first, one call or one minute of reads a line. */
export function registerCalls(program: Command): void {
  withServer(
    program
      .command('calls')
      .description('show the record of calls: who called what, from where, and the result')
      .option('--request <id>', 'only the call with this RequestId, including unauthenticated calls')
      .option(
        '--caller <who>',
        'only calls by this caller: an ARN, root, user/NAME, assumed-role/NAME/SESSION, or assumed-role/*',
      )
      .option('--key <id>', 'only calls signed with this key')
      .option('--action <action>', 'only calls of this RAM action, such as cr:GetInstance or cr:Delete*')
      .option(
        '--result <result>',
        'only calls with this result: allowed, denied, failed, or a code such as REPO_NOT_EXIST',
      )
      .option('--since <time>', 'only calls since this time: 2026-03-01T12:00:00Z, or 90s, 10m, 2h, 1d ago')
      .option('--until <time>', 'only calls before this time')
      .option('--limit <count>', 'maximum number of lines', '30')
      .option(...JSON_FLAG, false),
  ).action(async (options: CallsOptions) => {
    const limit = parseCount('--limit', options.limit, 1);
    const query = queryOf(options);
    const { json } = options;
    await onServer(options, async (server) => {
      const entries = ({ Calls }: NativeCalls['listCalls']['reply']) => Calls;
      const none = 'no calls found';
      await printList(server.client, { operation: 'listCalls', query, entries, limit, json, row, none });
    });
  });
}

function queryOf(options: CallsOptions): NativeCalls['listCalls']['params'] {
  const { request, caller, key, action, result } = options;
  const timeOf = (name: 'since' | 'until') =>
    options[name] === undefined ? undefined : parseSince(options[name], Date.now(), `--${name}`);
  return { request, caller, key, action, result, since: timeOf('since'), until: timeOf('until') };
}

function row({ Time, Caller, Action, Resource, SourceIp, Denied, Code, Count }: Call): string {
  const time = utcTime(Time);
  const result = Denied ? `denied ${Code}` : Code;
  const many = Count > 1 ? `  ${counted(Count, 'time')}` : '';
  const who = Caller?.replace(/^acs:ram::\d+:/, '') ?? '-';
  return `${time}  ${result.padEnd(18)}  ${who}  ${SourceIp ?? '-'}  ${Action ?? '-'}  ${Resource ?? '-'}${many}`;
}
