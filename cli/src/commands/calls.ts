import type { Call, NativeCalls } from '@slipway/client/native.gen.ts';
import type { Command } from 'commander';
import { printList } from '../list-pages.ts';
import { parseCount, parseSince } from '../log-filter.ts';
import { onServer, type ServerOptions, withServer } from '../on-server.ts';

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

/** `slipway calls`: who called what, the newest first, one call or one minute of reads a line. */
export function registerCalls(program: Command): void {
  withServer(
    program
      .command('calls')
      .description('read the record of calls: who called what, from where, and what the answer was')
      .option('--request <id>', 'the one call that was answered with this RequestId, also one that nobody could sign')
      .option(
        '--caller <who>',
        'only of this caller: an ARN, root, user/NAME, assumed-role/NAME/SESSION, or assumed-role/*',
      )
      .option('--key <id>', 'only those signed with this key')
      .option('--action <action>', 'only of this RAM action, as in cr:GetInstance or cr:Delete*')
      .option('--result <result>', 'only these: allowed, denied, failed, or a code as in REPO_NOT_EXIST')
      .option('--since <time>', 'only those from this time on: 2026-03-01T12:00:00Z, or 90s, 10m, 2h, 1d ago')
      .option('--until <time>', 'only those before this time')
      .option('--limit <count>', 'at most so many lines', '30')
      .option('--json', 'as the API gives them, one a line', false),
  ).action(async (options: CallsOptions) => {
    const limit = parseCount('--limit', options.limit, 1);
    const query = queryOf(options);
    const { json } = options;
    await onServer(options, async (server) => {
      const entries = ({ Calls }: NativeCalls['listCalls']['reply']) => Calls;
      await printList(server.client, { operation: 'listCalls', query, entries, limit, json, row });
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
  const time = new Date(Time).toISOString().replace(/\.\d+Z$/, 'Z');
  const result = Denied ? `denied ${Code}` : Code;
  const many = Count > 1 ? `  ${Count} times` : '';
  const who = Caller?.replace(/^acs:ram::\d+:/, '') ?? '-';
  return `${time}  ${result.padEnd(18)}  ${who}  ${SourceIp ?? '-'}  ${Action ?? '-'}  ${Resource ?? '-'}${many}`;
}
