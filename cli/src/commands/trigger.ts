import { callNative } from '@slipway/client/call-native.ts';
import type { NativeCalls } from '@slipway/client/native.gen.ts';
import type { Command } from 'commander';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import { JSON_FLAG, show } from '../frame/server-command.ts';
import { parseRepository } from '../input/image-reference.ts';
import { parseCount } from '../input/log-filter.ts';
import { deliveryRow, outcome } from '../output/delivery-row.ts';
import { printList } from '../output/list-pages.ts';
import { Output } from '../output/output.ts';
import { jsonText } from '../output/print-log.ts';
import { say } from '../output/say.ts';
import { utcTime } from '../output/utc-time.ts';
import type { Server } from '../server/find-server.ts';
import { onServer, type ServerOptions, withServer } from '../server/on-server.ts';

interface TagOptions extends ListOptions {
  tags?: string;
  match?: string;
}

interface UpdateOptions extends TagOptions {
  name?: string;
  url?: string;
  all: boolean;
}

interface ListOptions extends ServerOptions {
  json: boolean;
}

interface DeliveriesOptions extends ListOptions {
  untriggered: boolean;
  limit: string;
}

type Trigger = NativeCalls['listTriggers']['reply']['Triggers'][number];

/** `slipway trigger`: addresses that are called when a tag is set. */
export function registerTrigger(program: Command): void {
  const trigger = program.command('trigger').description('addresses to call when a tag is set in a repository');
  withTags(trigger.command('create <namespace/name> <trigger> <url>'))
    .description('create a trigger, and print the secret that signs its calls')
    .action((repository: string, name: string, url: string, options: TagOptions) =>
      onServer(options, (server) => create(server, repository, { name, url, options })),
    );
  withServer(trigger.command('list <namespace/name>'))
    .description('list the triggers of a repository, and whether their calls succeed')
    .option(...JSON_FLAG, false)
    .action((repository: string, options: ListOptions) =>
      onServer(options, (server) => list(server, repository, options)),
    );
  withTags(trigger.command('update <namespace/name> <trigger>'))
    .description('change a trigger')
    .option('--name <name>', 'new name')
    .option('--url <url>', 'new address')
    .option('--all', 'call it for every tag', false)
    .action((repository: string, name: string, options: UpdateOptions) =>
      onServer(options, (server) => update(server, repository, name, options)),
    );
  withServer(trigger.command('delete <namespace/name> <trigger>'))
    .description('delete a trigger, with the calls that are still waiting')
    .option(...JSON_FLAG, false)
    .action((repository: string, name: string, options: ListOptions) =>
      onServer(options, (server) => remove(server, repository, name, options)),
    );
  withServer(trigger.command('secret <namespace/name> <trigger>'))
    .description('replace the secret that signs the calls of a trigger, and print the new one')
    .option(...JSON_FLAG, false)
    .action((repository: string, name: string, options: ListOptions) =>
      onServer(options, (server) => renewSecret(server, repository, name, options)),
    );
  withServer(trigger.command('deliveries <namespace/name> <trigger>'))
    .description('list the calls of a trigger, newest first')
    .option('--untriggered', 'include tags for which it was not called', false)
    .option('--limit <count>', 'maximum number of calls', '30')
    .option(...JSON_FLAG, false)
    .action((repository: string, name: string, options: DeliveriesOptions) =>
      onServer(options, (server) => listDeliveries(server, repository, name, options)),
    );
}

function withTags(command: Command): Command {
  return withServer(
    command
      .option('--tags <tag,tag>', 'call it only for these tags')
      .option('--match <expression>', 'call it only for tags that match this expression as a whole, such as v1\\..*')
      .option(...JSON_FLAG, false),
  );
}

async function create(
  { client, instanceId: InstanceId }: Server,
  repository: string,
  { name, url, options }: { name: string; url: string; options: TagOptions },
): Promise<void> {
  const repo = parseRepository(repository);
  const RepoId = await findRepoId({ client, instanceId: InstanceId }, repo);
  const which = givenTags(options) ?? ALL_TAGS;
  const given = { InstanceId, RepoId, TriggerName: name, TriggerUrl: url, ...which };
  const { TriggerId = '' } = await client.call('CreateRepoTrigger', given);
  await printSecret(client, { ...repo, triggerId: TriggerId }, options);
}

async function list({ client }: Server, repository: string, { json }: ListOptions): Promise<void> {
  const { Triggers } = await callNative(client, 'listTriggers', parseRepository(repository));
  const output = new Output();
  if (Triggers.length === 0 && !json) say('no triggers yet; slipway trigger create makes one');
  for (const each of Triggers) await output.write(`${json ? jsonText(each, output.terminal) : triggerRow(each)}\n`);
}

async function update(server: Server, repository: string, name: string, options: UpdateOptions): Promise<void> {
  const { client, instanceId: InstanceId } = server;
  const repo = parseRepository(repository);
  const { TriggerId } = await findTrigger(server, repo, name);
  const which = givenTags(options);
  if (options.all && which !== undefined)
    throw new CliError(EXIT_CODES.usage, '--all cannot be combined with --tags or --match');
  const changes = {
    ...(options.all ? ALL_TAGS : which),
    ...(options.name === undefined ? {} : { TriggerName: options.name }),
    ...(options.url === undefined ? {} : { TriggerUrl: options.url }),
  };
  if (Object.keys(changes).length === 0)
    throw new CliError(EXIT_CODES.usage, 'nothing to change: give --name, --url, --all, --tags or --match');
  const RepoId = await findRepoId(server, repo);
  await client.call('UpdateRepoTrigger', { InstanceId, RepoId, TriggerId, ...changes });
  const notes = [`changed the trigger ${options.name ?? name} of ${repository}`];
  await show({ data: { TriggerId }, lines: [], notes }, options.json);
}

async function remove(server: Server, repository: string, name: string, { json }: ListOptions): Promise<void> {
  const { client, instanceId: InstanceId } = server;
  const repo = parseRepository(repository);
  const { TriggerId } = await findTrigger(server, repo, name);
  const RepoId = await findRepoId(server, repo);
  await client.call('DeleteRepoTrigger', { InstanceId, RepoId, TriggerId });
  await show({ data: { TriggerId }, lines: [], notes: [`deleted the trigger ${name} of ${repository}`] }, json);
}

async function renewSecret(server: Server, repository: string, name: string, options: ListOptions): Promise<void> {
  const repo = parseRepository(repository);
  const { TriggerId: triggerId } = await findTrigger(server, repo, name);
  await printSecret(server.client, { ...repo, triggerId }, options);
}

async function listDeliveries(
  server: Server,
  repository: string,
  name: string,
  { untriggered, json, limit }: DeliveriesOptions,
): Promise<void> {
  const repo = parseRepository(repository);
  const { TriggerId: triggerId } = await findTrigger(server, repo, name);
  const query = { ...repo, triggerId, untriggered };
  const entries = ({ Deliveries }: NativeCalls['listDeliveries']['reply']) => Deliveries;
  const count = parseCount('--limit', limit, 1);
  const none = 'nothing was sent yet';
  const list = { query, entries, limit: count, json, row: deliveryRow, none };
  await printList(server.client, { ...list, operation: 'listDeliveries' });
}

interface WhichTags {
  TriggerType: 'ALL' | 'TAG_LIST' | 'TAG_REG_EXP';
  TriggerTag?: string;
}

const ALL_TAGS: WhichTags = { TriggerType: 'ALL' };

interface RepositoryName {
  namespace: string;
  name: string;
}

function givenTags({ tags, match }: TagOptions): WhichTags | undefined {
  if (tags !== undefined && match !== undefined)
    throw new CliError(EXIT_CODES.usage, '--tags cannot be combined with --match');
  if (match !== undefined) return { TriggerType: 'TAG_REG_EXP', TriggerTag: match };
  return tags === undefined ? undefined : { TriggerType: 'TAG_LIST', TriggerTag: tags };
}

async function findRepoId(
  { client, instanceId: InstanceId }: Pick<Server, 'client' | 'instanceId'>,
  { namespace: RepoNamespaceName, name: RepoName }: RepositoryName,
): Promise<string> {
  const { RepoId = '' } = await client.call('GetRepository', { InstanceId, RepoNamespaceName, RepoName });
  return RepoId;
}

/** A trigger by its name, or by its id. Throws `CliError`. */
async function findTrigger({ client }: Server, repo: RepositoryName, name: string): Promise<Trigger> {
  const { Triggers } = await callNative(client, 'listTriggers', repo);
  const found = Triggers.find((each) => each.Name === name) ?? Triggers.find((each) => each.TriggerId === name);
  if (found !== undefined) return found;
  const names = Triggers.map(({ Name }) => Name).join(', ') || 'none';
  throw new CliError(EXIT_CODES.refused, `${repo.namespace}/${repo.name} has no trigger ${name}; it has ${names}`);
}

async function printSecret(
  client: Server['client'],
  key: RepositoryName & { triggerId: string },
  { json }: ListOptions,
): Promise<void> {
  const { Secret } = await callNative(client, 'createTriggerSecret', key);
  const notes = ['this secret signs the calls (X-Slipway-Signature); it is not shown again'];
  await show({ data: { TriggerId: key.triggerId, Secret }, lines: [Secret], notes }, json);
}

function triggerRow({ Name, Url, Type, Tag, FailingSince, LastDelivery }: Trigger): string {
  const which = Type === 'ALL' ? 'all tags' : (Tag ?? '');
  const last = LastDelivery === undefined ? 'never called' : `last call ${outcome(LastDelivery)}`;
  const failing = FailingSince === undefined ? '' : `  failing since ${utcTime(FailingSince)}`;
  return `${Name.padEnd(20)}  ${Url}  ${which}  ${last}${failing}`;
}
