import { readFile } from 'node:fs/promises';
import {
  CHAIN_STEPS,
  type ChainStep,
  chainChoiceOf,
  chainConfigOf,
  denialOf,
  withChainStep,
} from '@slipway/client/chain-choice.ts';
import { counted } from '@slipway/client/counted.ts';
import type { NativeCalls } from '@slipway/client/native.gen.ts';
import { type Command, Option } from 'commander';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import { JSON_FLAG, show as showResult } from '../frame/server-command.ts';
import { type ChoiceOptions, choiceOf, DENIED_TAG_WORDS, withChoice } from '../input/chain-options.ts';
import { parseCount } from '../input/log-filter.ts';
import { listPages, printList } from '../output/list-pages.ts';
import { Output } from '../output/output.ts';
import { jsonText } from '../output/print-log.ts';
import { say } from '../output/say.ts';
import { utcTime } from '../output/utc-time.ts';
import type { Server } from '../server/find-server.ts';
import { onServer, type ServerOptions, withServer } from '../server/on-server.ts';

type Chain = NativeCalls['listChains']['reply']['Chains'][number];
type Execution = NativeCalls['listChainInstances']['reply']['ChainInstances'][number];

interface ListOptions extends ServerOptions {
  json: boolean;
}

interface WriteOptions extends ListOptions, ChoiceOptions {
  file?: string;
  name?: string;
  description?: string;
  exclude?: string[];
}

interface ExecutionOptions extends ListOptions {
  chain?: string;
  limit: string;
}

const STEPS = new Map(Object.entries(CHAIN_STEPS).map(([step, word]) => [word as string, step as ChainStep]));
const STEP_NAMES = [...STEPS.keys()].join(', ');

/** `slipway chain`: what has to happen to an image before it is replicated and triggers are called. */
export function registerChain(program: Command): void {
  const group = program.command('chain').description('scan images before they are replicated and triggers are called');
  withServer(group.command('list'))
    .description('list the delivery chains, and what they do')
    .option(...JSON_FLAG, false)
    .action((options: ListOptions) => onServer(options, (server) => list(server, options)));
  withServer(group.command('show <chain>'))
    .description('show what a chain does')
    .option(...JSON_FLAG, false)
    .action((name: string, options: ListOptions) => onServer(options, (server) => show(server, name, options)));
  withWords(group.command('create <chain> <place>'))
    .description('create a chain for NAMESPACE/NAME, or for all repositories of NAMESPACE that have none of their own')
    .action((name: string, place: string, options: WriteOptions) =>
      onServer(options, (server) => create(server, { name, place }, options)),
    );
  withWords(group.command('update <chain>'))
    .description('change a chain; options that you leave out keep their values')
    .option('--name <name>', 'new name')
    .action((name: string, options: WriteOptions) => onServer(options, (server) => update(server, name, options)));
  for (const [verb, isOn] of [
    ['enable', true],
    ['disable', false],
  ] as const)
    withServer(group.command(`${verb} <chain> <step>`))
      .description(`switch a step ${isOn ? 'on' : 'off'}: ${STEP_NAMES}`)
      .option(...JSON_FLAG, false)
      .action((name: string, word: string, options: ListOptions) =>
        onServer(options, async (server) => {
          const step = STEPS.get(word);
          if (step === undefined)
            throw new CliError(EXIT_CODES.usage, `${word} is not a step; choose one of ${STEP_NAMES}`);
          const chain = await findChain(server, name);
          await save(server, chain, { ChainConfig: withChainStep(chain.ChainConfig, step, isOn) }, options);
        }),
      );
  withServer(group.command('delete <chain>'))
    .description('delete a chain; images that it holds are not replicated')
    .option(...JSON_FLAG, false)
    .action((name: string, options: ListOptions) =>
      onServer(options, async (server) => {
        const { ChainId } = await findChain(server, name);
        await server.client.call('DeleteChain', { InstanceId: server.instanceId, ChainId });
        await showResult({ data: { ChainId }, lines: [], notes: [`deleted the chain ${name}`] }, options.json);
      }),
    );
  withServer(group.command('executions [place]'))
    .description('list the images that went through chains, newest first: all, or those of NAMESPACE or NAMESPACE/NAME')
    .option('--chain <chain>', 'only images of this chain')
    .option('--limit <count>', 'maximum number of images', '30')
    .option(...JSON_FLAG, false)
    .action((place: string | undefined, options: ExecutionOptions) =>
      onServer(options, (server) => printExecutions(server, place, options)),
    );
}

function withWords(command: Command): Command {
  return withServer(
    withChoice(command)
      .addOption(new Option('--file <file>', 'a file with the whole ChainConfig as JSON, instead of the options above'))
      .option('--exclude <names...>', 'repositories of the namespace that the chain skips')
      .option('--description <text>', 'what the chain is for')
      .option(...JSON_FLAG, false),
  );
}

async function list(server: Server, { json }: ListOptions): Promise<void> {
  const chains = await allChains(server);
  const output = new Output();
  if (chains.length === 0 && !json) say('no delivery chains yet; slipway chain create makes one');
  for (const each of chains) {
    const row = `${each.Name.padEnd(20)}  ${placeOf(each)}  ${describeNodes(each)}`;
    await output.write(`${json ? jsonText(each, output.terminal) : row}\n`);
  }
}

async function show(server: Server, name: string, { json }: ListOptions): Promise<void> {
  const chain = await findChain(server, name);
  const output = new Output();
  if (json) return output.write(`${jsonText(chain, output.terminal)}\n`);
  const { scans, deniedTag, timeoutSeconds, retries, replicates, triggers, ...denied } = chainChoiceOf(
    chain.ChainConfig,
  );
  const excluded = chain.ScopeExclude.length === 0 ? '' : `, but not ${chain.ScopeExclude.join(', ')}`;
  const waits = [
    ...(timeoutSeconds === undefined ? [] : [`waits ${timeoutSeconds} s for a result`]),
    ...(retries === undefined ? [] : [`tries again ${counted(retries, 'time')}`]),
  ].join(', ');
  const facts = [
    ['chain', `${chain.Name} (${chain.ChainId}), version ${chain.Version}`],
    ...(chain.Description ? [['for', chain.Description]] : []),
    ['images of', `${placeOf(chain)}${excluded}`],
    ['scan', scans ? `on${waits && `: ${waits}`}` : 'off: the chain holds no image back'],
    [
      'denied',
      denialOf({ scans, deniedTag, replicates, triggers, ...denied }) ??
        'nothing; only a failed scan holds an image back',
    ],
    ['then', DENIED_TAG_WORDS[deniedTag]],
    ['replication', replicates ? 'on' : 'off'],
    ['triggers', triggers ? 'on' : 'off'],
  ];
  for (const [fact = '', words = ''] of facts) await output.write(`${fact.padEnd(12)} ${words}\n`);
  say(`slipway chain executions --chain ${chain.Name} lists its images`);
}

async function create(
  { client, instanceId: InstanceId }: Server,
  { name, place }: { name: string; place: string },
  options: WriteOptions,
): Promise<void> {
  const [RepoNamespaceName = '', RepoName] = placeNames(place);
  const { ChainId = '' } = await client.call('CreateChain', {
    InstanceId,
    Name: name,
    RepoNamespaceName,
    RepoName,
    ChainConfig: await configOf(options),
    Description: options.description,
    ScopeExclude: options.exclude,
  });
  const notes = [`slipway chain executions ${place} shows the result for each image`];
  await showResult({ data: { ChainId }, lines: [ChainId], notes }, options.json);
}

async function update(server: Server, name: string, options: WriteOptions): Promise<void> {
  const chain = await findChain(server, name);
  const changes = {
    ChainConfig: await configOf(options, chain.ChainConfig),
    ...(options.name === undefined ? {} : { Name: options.name }),
    ...(options.description === undefined ? {} : { Description: options.description }),
    ...(options.exclude === undefined ? {} : { ScopeExclude: options.exclude }),
  };
  await save(server, chain, changes, options);
}

/** UpdateChain replaces everything, so what does not change is sent too. */
async function save(
  { client, instanceId: InstanceId }: Server,
  chain: Chain,
  changes: object,
  { json }: ListOptions,
): Promise<void> {
  const { ChainId, Name, Description, ScopeExclude, ChainConfig } = chain;
  await client.call('UpdateChain', { InstanceId, ChainId, Name, Description, ScopeExclude, ChainConfig, ...changes });
  await showResult({ data: { ChainId }, lines: [], notes: [`changed the chain ${Name}`] }, json);
}

async function configOf({ file, ...options }: WriteOptions, before?: string): Promise<string> {
  const choice = choiceOf(options, before);
  if (file === undefined) return chainConfigOf(choice.chosen, before);
  if (choice.isGiven) throw new CliError(EXIT_CODES.usage, 'use --file without the options that it replaces');
  return readFile(file, 'utf8').catch((cause) => {
    throw new CliError(EXIT_CODES.usage, `cannot read ${file}: ${(cause as Error).message}`);
  });
}

async function printExecutions(server: Server, place: string | undefined, options: ExecutionOptions): Promise<void> {
  const [namespace, name] = place === undefined ? [] : placeNames(place);
  const chainId = options.chain === undefined ? undefined : (await findChain(server, options.chain)).ChainId;
  const query = Object.fromEntries(
    Object.entries({ namespace, name, chainId }).filter(([, value]) => value !== undefined),
  );
  await printList(server.client, {
    operation: 'listChainInstances' as const,
    query,
    json: options.json,
    limit: parseCount('--limit', options.limit, 1),
    entries: ({ ChainInstances }: NativeCalls['listChainInstances']['reply']) => ChainInstances,
    row: executionRow,
    none: 'no image has been pushed through a delivery chain yet',
  });
}

const WAITS = { VULNERABILITY_SCANNING: 'waits for its scan', ACTIVATE_REPLICATION: 'is being replicated' } as const;
const RESULTS = { SUCCESS: 'passed', DENIED: 'denied', FAILED: 'failed', CANCELED: 'canceled' } as const;

function executionRow({ StartTime, Repository, Tag, ChainName, Result, Node, Reason }: Execution): string {
  const state = Result === undefined ? (Node === undefined ? 'begins' : WAITS[Node]) : RESULTS[Result];
  const why = Reason === undefined ? '' : `: ${Reason}`;
  return `${utcTime(StartTime)}  ${`${Repository}:${Tag}`.padEnd(30)}  ${ChainName}  ${state}${why}`;
}

/** A chain by its name, or by its id. Throws `CliError`. */
async function findChain(server: Server, name: string): Promise<Chain> {
  const chains = await allChains(server);
  const found = chains.find((each) => each.Name === name) ?? chains.find((each) => each.ChainId === name);
  if (found !== undefined) return found;
  const names = chains.map(({ Name }) => Name).join(', ') || 'none';
  throw new CliError(EXIT_CODES.refused, `there is no delivery chain ${name}; the chains are: ${names}`);
}

async function allChains({ client }: Server): Promise<Chain[]> {
  const chains: Chain[] = [];
  for await (const { Chains } of listPages(client, 'listChains', {})) chains.push(...Chains);
  return chains;
}

function placeNames(place: string): string[] {
  const names = place.split('/');
  if (names.length > 2) throw new CliError(EXIT_CODES.usage, `${place} is neither NAMESPACE nor NAMESPACE/NAME`);
  return names;
}

function placeOf({ Namespace, RepoName }: Chain): string {
  return RepoName === undefined ? `all of ${Namespace}` : `${Namespace}/${RepoName}`;
}

function describeNodes({ ChainConfig }: Chain): string {
  const choice = chainChoiceOf(ChainConfig);
  if (!choice.scans) return 'no scan: holds no image back';
  const off = [...(choice.replicates ? [] : ['no replication']), ...(choice.triggers ? [] : ['no triggers'])];
  return [`denies ${denialOf(choice) ?? 'nothing, but scans'}`, ...off].join(', ');
}
