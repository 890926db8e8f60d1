import { counted } from '@slipway/client/counted.ts';
import type { Command } from 'commander';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import { JSON_FLAG, show } from '../frame/server-command.ts';
import { parseTagged } from '../input/image-reference.ts';
import { replyData } from '../output/call-data.ts';
import { Output } from '../output/output.ts';
import { jsonText } from '../output/print-log.ts';
import { say } from '../output/say.ts';
import { askUntil } from '../server/ask-until.ts';
import type { Server } from '../server/find-server.ts';
import { onServer, type ServerOptions, withServer } from '../server/on-server.ts';

const SHOWN = 100;

interface TargetOptions extends ListOptions {
  instance?: string;
  region?: string;
}

interface AddOptions extends TargetOptions {
  name?: string;
  match: string;
  byHand: boolean;
}

interface CopyOptions extends TargetOptions {
  overwrite: boolean;
}

interface ListOptions extends ServerOptions {
  json: boolean;
}

/** `slipway sync`: copies of images to other repositories, servers and registries. */
export function registerSync(program: Command): void {
  const sync = program.command('sync').description('copies of images to other repositories, servers and registries');
  withServer(sync.command('rules'))
    .description('list the rules')
    .option(...JSON_FLAG, false)
    .action((options: ListOptions) => onServer(options, (server) => listRules(server, options)));
  withTarget(sync.command('add <source> <target>'))
    .description('add a rule from NAMESPACE or NAMESPACE/NAME to another one; it copies what is pushed from now on')
    .option('--name <name>', 'name of the rule (default: SOURCE to TARGET)')
    .option('--match <expression>', 'the tags to copy, as a regular expression for the whole tag', '.*')
    .option('--by-hand', 'copy only when slipway sync run is called', false)
    .action((from: string, to: string, options: AddOptions) =>
      onServer(options, (server) => addRule(server, { from, to }, options)),
    );
  withServer(sync.command('remove <rule>'))
    .description('remove a rule; its copies in progress continue')
    .option(...JSON_FLAG, false)
    .action((SyncRuleId: string, options: ListOptions) =>
      onServer(options, async ({ client, instanceId: InstanceId }) => {
        await client.call('DeleteRepoSyncRule', { InstanceId, SyncRuleId });
        await show({ data: { SyncRuleId }, lines: [], notes: [`the rule ${SyncRuleId} is removed`] }, options.json);
      }),
    );
  withServer(sync.command('run <rule> <image>'))
    .description('copy NAMESPACE/NAME:TAG by a rule that was added with --by-hand, and wait until it ends')
    .option(...JSON_FLAG, false)
    .action((SyncRuleId: string, image: string, options: ListOptions) =>
      onServer(options, async (server) => {
        const { RepoId, Tag } = await sourceOf(server, image);
        const given = { InstanceId: server.instanceId, RepoId, Tag, SyncRuleId };
        const { SyncTaskId = '' } = await server.client.call('CreateRepoSyncTaskByRule', given);
        await follow(server, SyncTaskId, options);
      }),
    );
  withTarget(sync.command('copy <image> <target>'))
    .description('copy NAMESPACE/NAME:TAG to another one, and wait until it ends')
    .option('--overwrite', 'replace the tag if it points to another image at the target', false)
    .action((image: string, to: string, options: CopyOptions) =>
      onServer(options, (server) => copyImage(server, { image, to }, options)),
    );
  withServer(sync.command('tasks'))
    .description('list the last copies')
    .option(...JSON_FLAG, false)
    .action((options: ListOptions) => onServer(options, (server) => listTasks(server, options)));
  withServer(sync.command('cancel <task>'))
    .description('cancel a copy that waits or runs')
    .option(...JSON_FLAG, false)
    .action((SyncTaskId: string, options: ListOptions) =>
      onServer(options, async ({ client, instanceId: InstanceId }) => {
        await client.call('CancelRepoSyncTask', { InstanceId, SyncTaskId });
        const { TaskStatus } = await endOf({ client, instanceId: InstanceId }, SyncTaskId);
        // Its last bytes may have been sent before it was asked to end.
        const note = `the copy ${SyncTaskId} ${TaskStatus === 'CANCELED' ? 'is cancelled' : `had ended: ${TaskStatus}`}`;
        await show({ data: { SyncTaskId, TaskStatus }, lines: [], notes: [note] }, options.json);
      }),
    );
}

function withTarget(command: Command): Command {
  return withServer(command)
    .option('--instance <id>', 'instance to copy to, from sync-targets-file of the server (default: this one)')
    .option('--region <id>', 'region of that instance')
    .option(...JSON_FLAG, false);
}

async function listRules({ client, instanceId: InstanceId }: Server, { json }: ListOptions): Promise<void> {
  const output = new Output();
  const { SyncRules = [] } = await client.call('ListRepoSyncRule', { InstanceId, PageSize: SHOWN });
  if (SyncRules.length === 0 && !json) say('no rules yet; slipway sync add makes one');
  for (const rule of SyncRules) {
    const from = [rule.LocalNamespaceName || rule.NamespaceNameFilter, rule.LocalRepoName].filter(Boolean).join('/');
    const to = [rule.TargetNamespaceName, rule.TargetRepoName].filter(Boolean).join('/');
    const when = rule.SyncTrigger === 'PASSIVE' ? 'when pushed' : 'by hand';
    const row = `${rule.SyncRuleId}  ${from} to ${to} of ${rule.TargetInstanceId}  tags ${rule.TagFilter}  ${when}`;
    await output.write(json ? `${jsonText(rule, output.terminal)}\n` : `${row}\n`);
  }
}

async function addRule(server: Server, { from, to }: { from: string; to: string }, options: AddOptions): Promise<void> {
  const [NamespaceName, RepoName, ...more] = from.split('/');
  const [TargetNamespaceName, TargetRepoName, ...others] = to.split('/');
  if (more.length + others.length > 0 || (RepoName === undefined) !== (TargetRepoName === undefined))
    throw new CliError(EXIT_CODES.usage, 'give two namespaces, or two repositories as NAMESPACE/NAME');
  const { SyncRuleId = '' } = await server.client.call('CreateRepoSyncRule', {
    InstanceId: server.instanceId,
    NamespaceName,
    RepoName,
    TargetNamespaceName,
    TargetRepoName,
    ...(await targetOf(server, options)),
    SyncRuleName: options.name ?? `${from} to ${to}`.slice(0, 64),
    SyncScope: RepoName === undefined ? 'NAMESPACE' : 'REPO',
    SyncTrigger: options.byHand ? 'INITIATIVE' : 'PASSIVE',
    TagFilter: options.match,
  });
  await show({ data: { SyncRuleId }, lines: [SyncRuleId] }, options.json);
}

async function copyImage(
  server: Server,
  { image, to }: { image: string; to: string },
  options: CopyOptions,
): Promise<void> {
  const { RepoId, Tag } = await sourceOf(server, image);
  const target = parseTagged(to);
  const { SyncTaskId = '' } = await server.client.call('CreateRepoSyncTask', {
    InstanceId: server.instanceId,
    RepoId,
    Tag,
    Override: options.overwrite,
    ...(await targetOf(server, options)),
    TargetNamespace: target.namespace,
    TargetRepoName: target.name,
    TargetTag: target.tag,
  });
  await follow(server, SyncTaskId, options);
}

/** Waits until a copy ends, and prints how much was sent. */
async function follow(
  { client, instanceId: InstanceId }: Server,
  SyncTaskId: string,
  { json }: ListOptions,
): Promise<void> {
  if (!json) say(`copying as ${SyncTaskId}; slipway sync cancel ${SyncTaskId} ends it`);
  const task = await endOf({ client, instanceId: InstanceId }, SyncTaskId);
  const { TaskStatus, TaskIssue, SyncedSize } = task;
  if (TaskStatus !== 'SUCCESS')
    throw new CliError(EXIT_CODES.refused, `the copy ended with ${TaskStatus} ${TaskIssue ?? ''}`.trim());
  const note = `copied; ${counted(SyncedSize ?? 0, 'byte was', 'bytes were')} sent`;
  await show({ data: replyData(task), lines: [], notes: [note] }, json);
}

function endOf({ client, instanceId: InstanceId }: Pick<Server, 'client' | 'instanceId'>, SyncTaskId: string) {
  return askUntil(
    () => client.call('GetRepoSyncTask', { InstanceId, SyncTaskId }),
    ({ TaskStatus: status }) => status === 'SUCCESS' || status === 'ERROR' || status === 'CANCELED',
  );
}

async function listTasks({ client, instanceId: InstanceId }: Server, { json }: ListOptions): Promise<void> {
  const output = new Output();
  const { SyncTasks = [] } = await client.call('ListRepoSyncTask', { InstanceId, PageSize: SHOWN });
  if (SyncTasks.length === 0 && !json) say('no copies yet');
  for (const task of SyncTasks) {
    const place = (end: (typeof task)['ImageFrom']) => `${end?.RepoNamespaceName}/${end?.RepoName}:${end?.ImageTag}`;
    const to = `${place(task.ImageTo)} of ${task.ImageTo?.InstanceId}`;
    const status = [task.TaskStatus, task.TaskIssue].filter(Boolean).join(' ');
    const row = `${task.SyncTaskId}  ${place(task.ImageFrom)} to ${to}  ${status}`;
    await output.write(json ? `${jsonText(task, output.terminal)}\n` : `${row}\n`);
  }
}

async function sourceOf({ client, instanceId: InstanceId }: Server, image: string) {
  const { namespace, name, tag } = parseTagged(image);
  const named = { InstanceId, RepoNamespaceName: namespace, RepoName: name };
  const { RepoId = '' } = await client.call('GetRepository', named);
  return { RepoId, Tag: tag };
}

async function targetOf({ client, instanceId }: Server, { instance, region }: TargetOptions) {
  if (instance !== undefined && instance !== instanceId) {
    if (region === undefined) throw new CliError(EXIT_CODES.usage, '--instance needs --region');
    return { TargetInstanceId: instance, TargetRegionId: region };
  }
  const { Regions = [] } = await client.call('ListInstanceRegion', {});
  return { TargetInstanceId: instanceId, TargetRegionId: Regions[0]?.RegionId ?? '' };
}
