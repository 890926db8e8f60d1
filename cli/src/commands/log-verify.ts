import { ApiCallError } from '@slipway/client/api-call-error.ts';
import type { Command } from 'commander';
import { parseBuildId } from '../build-id.ts';
import { CliError, EXIT_CODES } from '../cli-error.ts';
import { findServer } from '../find-server.ts';
import { listPages } from '../list-pages.ts';
import { readReply } from '../native-reply.ts';
import { Output } from '../output.ts';
import { jsonText } from '../print-log.ts';

interface VerifyOptions {
  all: boolean;
  repair: boolean;
  json: boolean;
  endpoint?: string;
  data?: string;
}

/** What the server says of a log: see `GET /builds/ID/log/verify` in docs/native-api.md. */
interface Verified {
  BuildRecordId: string;
  Sealed: boolean;
  TotalCount: number;
  /** Of a repair: whether something was mended. */
  Repaired?: boolean;
  Damage: { Block?: number; FirstLine?: number; LastLine?: number; Reason: string }[];
}

type Client = Awaited<ReturnType<typeof findServer>>['client'];

const PAGE_LIMIT = 100;

/** `slipway log verify`: reads logs whole, checks them against their seals, and names what is damaged. */
export function registerLogVerify(program: Command): void {
  program
    .command('log')
    .description('look after stored logs')
    .command('verify')
    .description('check that stored logs are as they were written; 4 where one is not')
    .argument('[id]', 'BuildRecordId')
    .option('--all', 'every build', false)
    .option('--repair', 'mend what can be mended of logs whose build has ended', false)
    .option('--json', 'as the API gives it, one log a line', false)
    .option('--endpoint <url>', 'server that has the builds')
    .option('--data <folder>', 'data folder of the server on this machine')
    .action(async (id: string | undefined, options: VerifyOptions) => {
      if ((id === undefined) !== options.all) {
        throw new CliError(EXIT_CODES.usage, 'give the BuildRecordId of one build, or --all');
      }
      const only = id === undefined ? undefined : parseBuildId(id);
      const server = await findServer(options);
      try {
        await verify(server.client, only, options);
      } finally {
        await server.close();
      }
    });
}

async function verify(
  client: Client,
  only: string | undefined,
  { repair, json }: Pick<VerifyOptions, 'repair' | 'json'>,
): Promise<void> {
  const output = new Output();
  let damaged = 0;
  for await (const id of only === undefined ? allBuilds(client) : [only]) {
    const found = await verifyOne(client, id).catch((error: unknown) => {
      // Of all logs, those that are kept no longer are none.
      if (only === undefined && error instanceof ApiCallError && error.code === 'BUILD_LOG_EXPIRED') return undefined;
      throw error;
    });
    if (found === undefined) continue;
    const isWhole = found.Sealed && found.Damage.length === 0;
    const log = repair && !isWhole ? await mend(client, found) : found;
    if (log.Damage.length > 0) damaged += 1;
    await output.write(json ? `${jsonText(log, output.terminal)}\n` : describe(log));
  }
  if (damaged > 0)
    throw new CliError(EXIT_CODES.machine, `${damaged} ${damaged === 1 ? 'log is' : 'logs are'} damaged`);
}

async function verifyOne(client: Client, id: string): Promise<Verified> {
  return (await readReply(await client.fetch(`/api/v1/builds/${id}/log/verify`))) as unknown as Verified;
}

/** What a log is after its repair. The log of a build that runs is left alone. */
async function mend(client: Client, found: Verified): Promise<Verified> {
  try {
    const path = `/api/v1/builds/${found.BuildRecordId}/log/repair`;
    return (await readReply(await client.fetch(path, { method: 'POST' }))) as unknown as Verified;
  } catch (error) {
    if (error instanceof ApiCallError && error.code === 'BUILD_LOG_NOT_SEALED') return found;
    throw error;
  }
}

async function* allBuilds(client: Client): AsyncGenerator<string> {
  const query = new URLSearchParams({ limit: String(PAGE_LIMIT) });
  for await (const { Builds } of listPages(client, '/api/v1/builds', query))
    for (const { BuildRecordId } of Builds as { BuildRecordId: string }[]) yield BuildRecordId;
}

function describe({ BuildRecordId, Sealed, TotalCount, Damage, Repaired }: Verified): string {
  const state = `${TotalCount} lines, ${Sealed ? 'sealed' : 'not sealed'}`;
  if (Damage.length === 0) return `${BuildRecordId}  ${Repaired ? 'repaired' : 'sound   '} ${state}\n`;
  const rows = Damage.map(({ FirstLine, LastLine, Reason }) => {
    const lines = FirstLine === undefined ? '' : `, lines ${FirstLine} to ${LastLine}`;
    return `  ${Reason}${lines}\n`;
  });
  return `${BuildRecordId}  DAMAGED  ${state}\n${rows.join('')}`;
}
