import { callNative } from '@slipway/client/call-native.ts';
import type { NativeCalls } from '@slipway/client/native.gen.ts';
import type { Command } from 'commander';
import { JSON_FLAG, show } from '../frame/server-command.ts';
import { readGivenFile } from '../input/given-file.ts';
import { parseRepository } from '../input/image-reference.ts';
import { Output } from '../output/output.ts';
import { jsonText } from '../output/print-log.ts';
import { utcTime } from '../output/utc-time.ts';
import type { Server } from '../server/find-server.ts';
import { onServer, type ServerOptions, withServer } from '../server/on-server.ts';

interface AccelerateOptions extends ServerOptions {
  priorityFile?: string;
  list: boolean;
  off: boolean;
  json: boolean;
  log?: string;
}

type Task = NativeCalls['getAcceleration']['reply']['Tasks'][number];

/** `slipway accelerate`: whether the images of a repository are converted, and what came of it. */
export function registerAccelerate(program: Command): void {
  withServer(program.command('accelerate <namespace/name>'))
    .description('convert every image that is pushed to a repository to eStargz, as TAG_accelerated')
    .option('--priority-file <file>', 'file with the paths that runtimes should fetch first, one per line')
    .option('--list', 'list the last conversions instead', false)
    .option('--log <task>', 'show the log of a conversion instead')
    .option('--off', 'stop converting images; those that were converted stay', false)
    .option(...JSON_FLAG, false)
    .action((repository: string, options: AccelerateOptions) =>
      onServer(options, (server) => accelerate(server, repository, options)),
    );
}

async function accelerate(server: Server, repository: string, options: AccelerateOptions): Promise<void> {
  const { namespace, name } = parseRepository(repository);
  const place = { namespace, name };
  const { client, instanceId: InstanceId } = server;
  const { json } = options;
  if (options.log !== undefined) return printLog(server, options.log, json);
  if (options.list) {
    const { Tasks } = await callNative(client, 'getAcceleration', place);
    const notes = Tasks.length === 0 ? ['no conversions yet'] : [];
    return show({ data: Tasks, lines: Tasks.map(rowOf), notes }, json);
  }
  if (options.off) {
    await callNative(client, 'removeAcceleration', place);
    const notes = [`images of ${namespace}/${name} are no longer converted`];
    return show({ data: { RepoNamespaceName: namespace, RepoName: name }, lines: [], notes }, json);
  }
  const { RepoId: ScopeId = '' } = await client.call('GetRepository', {
    InstanceId,
    RepoNamespaceName: namespace,
    RepoName: name,
  });
  const given = options.priorityFile === undefined ? undefined : readGivenFile(options.priorityFile, 'priority-file');
  const Parameters = given === undefined ? {} : { PriorityFile: Buffer.from(given).toString('base64') };
  const scope = { ScopeId, ScopeType: 'REPOSITORY', ArtifactType: 'ACCELERATED_IMAGE' } as const;
  const { BuildRuleId } = await client.call('CreateArtifactBuildRule', { InstanceId, ...scope, Parameters });
  const notes = [`images that are pushed to ${namespace}/${name} from now on are converted too, as TAG_accelerated`];
  await show({ data: { BuildRuleId }, lines: [], notes }, json);
}

const PAGE_SIZE = 100;

async function printLog({ client, instanceId: InstanceId }: Server, BuildTaskId: string, json: boolean): Promise<void> {
  const output = new Output();
  for (let Page = 1; ; Page++) {
    const page = { InstanceId, BuildTaskId, Page, PageSize: PAGE_SIZE };
    const { BuildTaskLogs = [] } = await client.call('ListArtifactBuildTaskLog', page);
    for (const line of BuildTaskLogs)
      await output.write(json ? `${jsonText(line, output.terminal)}\n` : `${line.Message}\n`);
    if (BuildTaskLogs.length < PAGE_SIZE || output.gone) return;
  }
}

function rowOf({ BuildTaskId, Tag, TaskStatus, CreateTime, Reason }: Task): string {
  return `${BuildTaskId}  ${TaskStatus.padEnd(8)}  ${Tag.padEnd(20)}  pushed ${utcTime(CreateTime)}${Reason === undefined ? '' : `  ${Reason}`}`;
}
