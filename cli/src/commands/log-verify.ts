import { ApiCallError } from '@slipway/client/api-call-error.ts';
import { callNative } from '@slipway/client/call-native.ts';
import type { Client } from '@slipway/client/client.ts';
import { counted } from '@slipway/client/counted.ts';
import type { Verification } from '@slipway/client/native.gen.ts';
import type { Command } from 'commander';
import { BUILD_ARGUMENT, findBuild, parseBuildName } from '../build/build-id.ts';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import { JSON_FLAG } from '../frame/server-command.ts';
import { listPages } from '../output/list-pages.ts';
import { Output } from '../output/output.ts';
import { jsonText } from '../output/print-log.ts';
import { onServer, type ServerOptions, withServer } from '../server/on-server.ts';

interface VerifyOptions extends ServerOptions {
  all: boolean;
  repair: boolean;
  json: boolean;
}

/** What was found in a log, and whether a repair changed something. */
type Checked = Verification & { Repaired?: boolean };

const PAGE_LIMIT = 100;

/** `slipway log verify`: reads whole logs, checks them against their seals, and names what is damaged. */
export function registerLogVerify(program: Command): void {
  withServer(
    program
      .command('log')
      .description('check stored logs')
      .command('verify')
      .description('check that stored logs are undamaged; exit code 4 if one is damaged')
      .argument('[build]', BUILD_ARGUMENT)
      .option('--all', 'check the logs of all builds', false)
      .option('--repair', 'repair what can be repaired in logs of ended builds', false)
      .option(...JSON_FLAG, false),
  ).action(async (id: string | undefined, options: VerifyOptions) => {
    if ((id === undefined) !== options.all) {
      throw new CliError(EXIT_CODES.usage, 'name one build, or give --all');
    }
    const only = id === undefined ? undefined : parseBuildName(id);
    await onServer(options, async (server) => {
      await verify(server.client, only && (await findBuild(server, only)), options);
    });
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
    const found = await callNative(client, 'verifyLog', { id }).catch((error: unknown) => {
      // Of all logs, leaves out those that are no longer kept.
      if (only === undefined && error instanceof ApiCallError && error.code === 'BUILD_LOG_EXPIRED') return undefined;
      throw error;
    });
    if (found === undefined) continue;
    const isWhole = found.Sealed && found.Damage.length === 0;
    const log = repair && !isWhole ? await fix(client, found) : found;
    if (log.Damage.length > 0) damaged += 1;
    await output.write(json ? `${jsonText(log, output.terminal)}\n` : describe(log));
  }
  if (damaged > 0) throw new CliError(EXIT_CODES.machine, `${counted(damaged, 'log is', 'logs are')} damaged`);
}

/** The state of a log after its repair. The log of a running build is left alone. */
async function fix(client: Client, found: Verification): Promise<Checked> {
  try {
    return await callNative(client, 'repairLog', { id: found.BuildRecordId });
  } catch (error) {
    if (error instanceof ApiCallError && error.code === 'BUILD_LOG_NOT_SEALED') return found;
    throw error;
  }
}

async function* allBuilds(client: Client): AsyncGenerator<string> {
  for await (const { Builds } of listPages(client, 'listBuilds', { limit: PAGE_LIMIT }))
    for (const { BuildRecordId } of Builds) yield BuildRecordId;
}

function describe({ BuildRecordId, Sealed, TotalCount, Damage, Repaired }: Checked): string {
  const state = `${counted(TotalCount, 'line')}, ${Sealed ? 'sealed' : 'not sealed'}`;
  if (Damage.length === 0) return `${BuildRecordId}  ${Repaired ? 'repaired' : 'sound   '} ${state}\n`;
  const rows = Damage.map(({ FirstLine, LastLine, Reason }) => {
    const lines = FirstLine === undefined ? '' : `, lines ${FirstLine} to ${LastLine}`;
    return `  ${Reason}${lines}\n`;
  });
  return `${BuildRecordId}  DAMAGED  ${state}\n${rows.join('')}`;
}
