import { type Command, Option } from 'commander';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import { JSON_FLAG, show } from '../frame/server-command.ts';
import { parseCount } from '../input/log-filter.ts';
import { replyData } from '../output/call-data.ts';
import { Output } from '../output/output.ts';
import { jsonText } from '../output/print-log.ts';
import { say } from '../output/say.ts';
import { askUntil } from '../server/ask-until.ts';
import type { Server } from '../server/find-server.ts';
import { onServer, type ServerOptions, withServer } from '../server/on-server.ts';

const SHOWN = 100;

interface AddOptions extends ListOptions {
  from: string;
  match: string;
  count: string;
  platform: string[];
  overwrite: boolean;
  accelerate: boolean;
}

interface ListOptions extends ServerOptions {
  json: boolean;
}

/** `slipway subscription`: mirrors images of other registries. */
export function registerSubscription(program: Command): void {
  const subscription = program
    .command('subscription')
    .description('images of other registries that this server mirrors');
  withServer(subscription.command('rules'))
    .description('list the rules')
    .option(...JSON_FLAG, false)
    .action((options: ListOptions) => onServer(options, (server) => listRules(server, options)));
  withServer(subscription.command('add <source> <target>'))
    .description('add a rule that mirrors SOURCE, such as nginx or library/nginx, to NAMESPACE/NAME')
    .option(
      '--from <registry>',
      'DOCKER_HUB, GCR, QUAY, or a name in subscription-providers-file of the server',
      'DOCKER_HUB',
    )
    .option('--match <expression>', 'the tags to mirror, as a regular expression for the whole tag', '.*')
    .option('--count <number>', 'how many of the newest matching tags', '1')
    .addOption(
      new Option('--platform <platforms...>', 'the platforms to mirror, such as linux/arm64').default(['linux/amd64']),
    )
    .option('--overwrite', 'replace tags here when they move there', false)
    .option('--accelerate', 'also convert each image to an accelerated one', false)
    .option(...JSON_FLAG, false)
    .action((from: string, to: string, options: AddOptions) =>
      onServer(options, (server) => addRule(server, { from, to }, options)),
    );
  withServer(subscription.command('remove <rule>'))
    .description('remove a rule; what it mirrored stays')
    .option(...JSON_FLAG, false)
    .action((RuleId: string, options: ListOptions) =>
      onServer(options, async ({ client, instanceId: InstanceId }) => {
        await client.call('DeleteArtifactSubscriptionRule', { InstanceId, RuleId });
        await show({ data: { RuleId }, lines: [], notes: [`the rule ${RuleId} is removed`] }, options.json);
      }),
    );
  withServer(subscription.command('run <rule>'))
    .description('run a rule now, and wait until it ends')
    .option(...JSON_FLAG, false)
    .action((RuleId: string, options: ListOptions) => onServer(options, (server) => runRule(server, RuleId, options)));
  withServer(subscription.command('tasks'))
    .description('list the last runs')
    .option(...JSON_FLAG, false)
    .action((options: ListOptions) => onServer(options, (server) => listTasks(server, options)));
}

async function listRules({ client, instanceId: InstanceId }: Server, { json }: ListOptions): Promise<void> {
  const output = new Output();
  const { Rules = [] } = await client.call('ListArtifactSubscriptionRule', { InstanceId, PageSize: SHOWN });
  if (Rules.length === 0 && !json) say('no rules yet; slipway subscription add makes one');
  for (const rule of Rules) {
    const from = sourceOf(rule.SourceDomain, rule);
    const tags = `${rule.TagCount} newest of ${rule.TagRegexp}`;
    const platforms = (rule.Platform ?? []).join(',');
    const row = `${rule.RuleId}  ${from} to ${rule.NamespaceName}/${rule.RepoName}  ${tags}  ${platforms}`;
    await output.write(json ? `${jsonText(rule, output.terminal)}\n` : `${row}\n`);
  }
}

async function addRule(
  { client, instanceId: InstanceId }: Server,
  { from, to }: { from: string; to: string },
  options: AddOptions,
): Promise<void> {
  const [NamespaceName, RepoName, ...more] = to.split('/');
  if (!NamespaceName || !RepoName || more.length > 0)
    throw new CliError(EXIT_CODES.usage, `${to} is not NAMESPACE/NAME`);
  const TagCount = parseCount('--count', options.count, 1);
  const slash = from.lastIndexOf('/');
  const { RuleId = '' } = await client.call('CreateArtifactSubscriptionRule', {
    InstanceId,
    NamespaceName,
    RepoName,
    SourceProvider: options.from,
    ...(slash === -1 ? {} : { SourceNamespaceName: from.slice(0, slash) }),
    SourceRepoName: from.slice(slash + 1),
    TagRegexp: options.match,
    TagCount,
    Platform: options.platform,
    Override: options.overwrite,
    Accelerate: options.accelerate,
  });
  await show({ data: { RuleId }, lines: [RuleId] }, options.json);
}

/** Runs a rule, and prints the result for each tag. */
async function runRule(
  { client, instanceId: InstanceId }: Server,
  RuleId: string,
  { json }: ListOptions,
): Promise<void> {
  const { TaskId = '' } = await client.call('CreateArtifactSubscriptionTask', { InstanceId, RuleId });
  if (!json) say(`mirroring as ${TaskId}`);
  const task = await askUntil(
    () => client.call('GetArtifactSubscriptionTask', { InstanceId, TaskId }),
    ({ TaskStatus }) => TaskStatus === 'COMPLETED',
  );
  const { TaskResult, Message = '' } = task;
  const shown = { InstanceId, TaskId, PageSize: SHOWN };
  const { TaskResults = [] } = await client.call('GetArtifactSubscriptionTaskResult', shown);
  const isDone = TaskResult === 'SUCCESS';
  const result = {
    data: { ...replyData(task), TaskResults },
    lines: TaskResults.map(({ Tag, Result }) => `${Tag}  ${Result}`),
    notes: isDone ? [`mirrored; ${Message}`] : [],
  };
  await show(result, json);
  if (!isDone) throw new CliError(EXIT_CODES.refused, `the run ended with ${TaskResult}: ${Message}`);
}

async function listTasks({ client, instanceId: InstanceId }: Server, { json }: ListOptions): Promise<void> {
  const output = new Output();
  const { Tasks = [] } = await client.call('ListArtifactSubscriptionTask', { InstanceId, PageSize: SHOWN });
  if (Tasks.length === 0 && !json) say('no runs yet');
  for (const task of Tasks) {
    const from = sourceOf(task.SourceProvider, task);
    const status = [task.TaskResult ?? task.TaskStatus, task.Message].filter(Boolean).join(' ');
    const row = `${task.TaskId}  ${from} to ${task.NamespaceName}/${task.RepoName}  ${status}`;
    await output.write(json ? `${jsonText(task, output.terminal)}\n` : `${row}\n`);
  }
}

function sourceOf(
  registry: string | undefined,
  source: { SourceNamespaceName?: string | undefined; SourceRepoName?: string | undefined },
): string {
  return [registry, source.SourceNamespaceName, source.SourceRepoName].filter(Boolean).join('/');
}
