import { callNative } from '@slipway/client/call-native.ts';
import type { NativeCalls } from '@slipway/client/native.gen.ts';
import type { Command } from 'commander';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import { JSON_FLAG, show } from '../frame/server-command.ts';
import { parseCount } from '../input/log-filter.ts';
import { deliveryRow, outcome } from '../output/delivery-row.ts';
import { printList } from '../output/list-pages.ts';
import { Output } from '../output/output.ts';
import { jsonText } from '../output/print-log.ts';
import { say } from '../output/say.ts';
import { utcTime } from '../output/utc-time.ts';
import type { Server } from '../server/find-server.ts';
import { onServer, type ServerOptions, withServer } from '../server/on-server.ts';

interface CreateOptions extends ListOptions {
  for?: string;
  match?: string;
  dingtalk: boolean;
  /** Addresses with commas. */
  mail?: string;
}

interface UpdateOptions extends CreateOptions {
  name?: string;
  event?: string;
  url?: string;
}

interface ListOptions extends ServerOptions {
  json: boolean;
}

interface DeliveriesOptions extends ListOptions {
  limit: string;
}

type Rule = NativeCalls['listEventRules']['reply']['Rules'][number];
type NewRule = NativeCalls['createEventRule']['params'];

/** Everything that can be sent, in the words of the command line. Signing is accepted in a rule, but never sent. */
const EVENT_WORDS: Readonly<Record<Exclude<NewRule['EventType'], 'cr:Artifact:SigningCompleted'>, string>> = {
  'cr:Artifact:PushCompleted': 'push',
  'cr:Artifact:BuildCompleted': 'build',
  'cr:Artifact:ScanCompleted': 'scan',
  'cr:Artifact:SynchronizationCompleted': 'sync',
  'cr:Artifact:DeliveryChainCompleted': 'chain',
};
const EVENTS = new Map(Object.entries(EVENT_WORDS).map(([type, word]) => [word, type as NewRule['EventType']]));
const EVENT_NAMES = [...EVENTS.keys()].join(', ');

/** `slipway event-rule`: sends what happens in the registry to an address. */
export function registerEventRule(program: Command): void {
  const group = program
    .command('event-rule')
    .description('send what happens in the registry to an address, or by mail');
  withScope(group.command('create <rule> <event> [url]'))
    .description(`create a rule for an event: ${EVENT_NAMES}; it calls the URL, or sends mail with --mail`)
    .action((name: string, event: string, url: string | undefined, options: CreateOptions) =>
      onServer(options, (server) => create(server, { name, event, url }, options)),
    );
  withServer(group.command('list'))
    .description('list the rules, and whether their receivers answer')
    .option(...JSON_FLAG, false)
    .action((options: ListOptions) => onServer(options, (server) => list(server, options)));
  withScope(group.command('update <rule>'))
    .description('change a rule')
    .option('--name <name>', 'new name')
    .option('--event <event>', `new event: ${EVENT_NAMES}`)
    .option('--url <url>', 'new address')
    .action((name: string, options: UpdateOptions) => onServer(options, (server) => update(server, name, options)));
  withServer(group.command('delete <rule>'))
    .description('delete a rule, with what still waits to be sent')
    .option(...JSON_FLAG, false)
    .action((name: string, options: ListOptions) =>
      onServer(options, async (server) => {
        const { RuleId } = await findRule(server, name);
        await server.client.call('DeleteEventCenterRule', { InstanceId: server.instanceId, RuleId });
        await show({ data: { RuleId }, lines: [], notes: [`deleted the event rule ${name}`] }, options.json);
      }),
    );
  withServer(group.command('secret <rule>'))
    .description('replace the secret that signs what a rule sends, and print the new one')
    .option(...JSON_FLAG, false)
    .action((name: string, options: ListOptions) =>
      onServer(options, async (server) => {
        const { RuleId: ruleId } = await findRule(server, name);
        const { Secret } = await callNative(server.client, 'createEventRuleSecret', { ruleId });
        const notes = ['the secret is shown only once'];
        await show({ data: { RuleId: ruleId, Secret }, lines: [Secret], notes }, options.json);
      }),
    );
  withServer(group.command('deliveries <rule>'))
    .description('list what a rule sent, newest first')
    .option('--limit <count>', 'maximum number of events', '30')
    .option(...JSON_FLAG, false)
    .action((name: string, options: DeliveriesOptions) =>
      onServer(options, async (server) => {
        const { RuleId: ruleId } = await findRule(server, name);
        const limit = parseCount('--limit', options.limit, 1);
        const entries = ({ Deliveries }: NativeCalls['listEventDeliveries']['reply']) => Deliveries;
        const row = (each: Parameters<typeof deliveryRow>[0]) =>
          deliveryRow({ ...each, Tag: `${each.Repository}:${each.Tag}` });
        await printList(server.client, {
          operation: 'listEventDeliveries' as const,
          query: { ruleId },
          entries,
          limit,
          json: options.json,
          row,
          none: 'nothing was sent yet',
        });
      }),
    );
}

function withScope(command: Command): Command {
  return withServer(
    command
      .option('--for <place>', 'only for NAMESPACE or NAMESPACE/NAME; "all" for every repository')
      .option('--match <expression>', 'only for tags that match this expression as a whole, such as v1\\..*')
      .option('--mail <addresses>', 'send mail to these addresses, with commas between them')
      .option('--dingtalk', 'send a text for the robot of a DingTalk group', false)
      .option(...JSON_FLAG, false),
  );
}

async function create(
  { client }: Server,
  { name, event, url }: { name: string; event: string; url: string | undefined },
  options: CreateOptions,
): Promise<void> {
  const receiver = receiverOf(url, options);
  if (receiver === undefined)
    throw new CliError(EXIT_CODES.usage, 'say where the rule sends to: a URL, or --mail ADDRESSES');
  const { RuleId } = await callNative(client, 'createEventRule', {
    Name: name,
    EventType: eventOf(event),
    ...receiver,
    ...(options.for === undefined ? {} : scopeOf(options.for)),
    ...(options.match === undefined ? {} : { RepoTagFilterPattern: options.match }),
  });
  const notes = [`slipway event-rule deliveries ${name} shows what it sent`];
  await show({ data: { RuleId }, lines: [RuleId], notes }, options.json);
}

async function list({ client }: Server, { json }: ListOptions): Promise<void> {
  const { Rules } = await callNative(client, 'listEventRules', {});
  const output = new Output();
  if (Rules.length === 0 && !json) say('no event rules yet; slipway event-rule create makes one');
  for (const each of Rules) await output.write(`${json ? jsonText(each, output.terminal) : ruleRow(each)}\n`);
}

async function update(server: Server, name: string, options: UpdateOptions): Promise<void> {
  const { RuleId } = await findRule(server, name);
  const receiver = receiverOf(options.url, options);
  if (options.dingtalk && receiver === undefined)
    throw new CliError(EXIT_CODES.usage, '--dingtalk needs --url: how events are sent changes with their address');
  const { Scope, ...places } = options.for === undefined ? {} : scopeOf(options.for);
  const config = receiver && JSON.stringify({ notifyMethod: receiver.Method, notifyConfig: { Url: receiver.Url } });
  const changes = {
    ...(options.name === undefined ? {} : { RuleName: options.name }),
    ...(options.event === undefined ? {} : { EventType: eventOf(options.event) }),
    ...(Scope === undefined ? {} : { EventScope: Scope, ...places }),
    ...(options.match === undefined ? {} : { RepoTagFilterPattern: options.match }),
    ...(config === undefined ? {} : { EventConfig: config }),
  };
  if (Object.keys(changes).length === 0)
    throw new CliError(EXIT_CODES.usage, 'nothing to change: give --name, --event, --url, --mail, --for or --match');
  await server.client.call('UpdateEventCenterRule', { InstanceId: server.instanceId, RuleId, ...changes });
  const notes = [`changed the event rule ${options.name ?? name}`];
  await show({ data: { RuleId }, lines: [], notes }, options.json);
}

/** A rule by its name, or by its id. Throws `CliError`. */
async function findRule({ client }: Server, name: string): Promise<Rule> {
  const { Rules } = await callNative(client, 'listEventRules', {});
  const found = Rules.find((each) => each.Name === name) ?? Rules.find((each) => each.RuleId === name);
  if (found !== undefined) return found;
  const names = Rules.map(({ Name }) => Name).join(', ') || 'none';
  throw new CliError(EXIT_CODES.refused, `there is no event rule ${name}; there is ${names}`);
}

function eventOf(event: string): NewRule['EventType'] {
  const type = EVENTS.get(event);
  if (type === undefined)
    throw new CliError(EXIT_CODES.usage, `${JSON.stringify(event)} is not an event; choose one of ${EVENT_NAMES}`);
  return type;
}

/** Where a rule sends to, and how; undefined if nothing says it. Throws `CliError`. */
function receiverOf(
  url: string | undefined,
  { dingtalk, mail }: CreateOptions,
): Pick<NewRule, 'Method' | 'Url'> | undefined {
  if (mail !== undefined) {
    if (url !== undefined || dingtalk)
      throw new CliError(EXIT_CODES.usage, 'a rule sends mail or calls a URL; give --mail or the URL, not both');
    return { Method: 'mail', Url: `mailto:${mail}` };
  }
  if (url === undefined) return undefined;
  return { Method: dingtalk ? 'dingding' : url.startsWith('http:') ? 'http' : 'https', Url: url };
}

function scopeOf(place: string): { Scope: Rule['Scope']; Namespaces?: string[]; RepoNames?: string[] } {
  if (place === 'all') return { Scope: 'INSTANCE' };
  const [namespace = '', name, ...rest] = place.split('/');
  if (rest.length > 0) throw new CliError(EXIT_CODES.usage, `${place} is neither NAMESPACE nor NAMESPACE/NAME`);
  if (name === undefined) return { Scope: 'NAMESPACE', Namespaces: [namespace] };
  return { Scope: 'REPO', Namespaces: [namespace], RepoNames: [name] };
}

function ruleRow(rule: Rule): string {
  const [event = rule.EventType] = [...EVENTS].find(([, type]) => type === rule.EventType) ?? [];
  const names = rule.RepoNames.map((name) => `${rule.Namespaces[0]}/${name}`);
  const place = rule.Scope === 'INSTANCE' ? 'all' : (names.length > 0 ? names : rule.Namespaces).join(',');
  const last = rule.LastDelivery === undefined ? 'nothing sent yet' : `last ${outcome(rule.LastDelivery)}`;
  const failing = rule.FailingSince === undefined ? '' : `  failing since ${utcTime(rule.FailingSince)}`;
  const match = rule.RepoTagFilterPattern === undefined ? '' : ` tags ${rule.RepoTagFilterPattern}`;
  return `${rule.Name.padEnd(20)}  ${event}  ${place}${match}  ${rule.Url}  ${last}${failing}`;
}
