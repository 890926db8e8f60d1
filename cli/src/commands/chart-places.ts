import type { CallReply } from '@slipway/client/client.ts';
import type { Command } from 'commander';
import { columns } from '../frame/account-command.ts';
import { type CommandOption, serverCommand } from '../frame/server-command.ts';
import { checkChanges, checkMeant, MEANT, onOff, repoTypeOf, textOf } from '../frame/typed-option.ts';
import { parseRepository } from '../input/image-reference.ts';
import { numberedPages } from '../output/list-pages.ts';

const NAMESPACE: readonly CommandOption[] = [
  ['--auto-create <on|off>', 'whether a push creates the chart repository that it names'],
  ['--type <type>', 'type of chart repositories that a push creates: public or private'],
];
const REPOSITORY: readonly CommandOption[] = [
  ['--type <type>', 'public, from which everyone may pull, or private'],
  ['--summary <text>', 'short description'],
];

type Namespace = NonNullable<CallReply<'ListChartNamespace'>['Namespaces']>[number];

/** `slipway chart namespace …` and `slipway chart repo …`: the places that charts are pushed to. */
export function registerChartPlaces(chart: Command): void {
  registerNamespaces(chart.command('namespace').description('chart namespaces, which hold chart repositories'));
  registerRepositories(chart.command('repo').description('chart repositories, which hold charts'));
}

function registerNamespaces(group: Command): void {
  serverCommand(group, 'list', 'list the chart namespaces', [], async ({ client, instanceId: InstanceId }) => {
    const all = await numberedPages(
      (page) => client.call('ListChartNamespace', { InstanceId, ...page }),
      ({ Namespaces }) => Namespaces ?? [],
    );
    const notes = all.length === 0 ? ['no chart namespaces yet; slipway chart namespace create makes one'] : [];
    return { data: all, lines: columns(all.map(rowOf)), notes };
  });
  for (const [verb, done, what] of [
    ['create', 'created', 'create a chart namespace'],
    ['set', 'changed', 'change a chart namespace'],
  ] as const)
    serverCommand(group, `${verb} <namespace>`, what, NAMESPACE, async (server, [NamespaceName = ''], options) => {
      if (verb === 'set') checkChanges(NAMESPACE, options);
      const AutoCreateRepo = onOff('--auto-create', options.autoCreate);
      const given = { InstanceId: server.instanceId, NamespaceName, AutoCreateRepo };
      const action = verb === 'create' ? 'CreateChartNamespace' : 'UpdateChartNamespace';
      await server.client.call(action, { ...given, DefaultRepoType: repoTypeOf(options.type) });
      return { data: { NamespaceName }, lines: [], notes: [`${done} the chart namespace ${NamespaceName}`] };
    });
  const removal = 'delete a chart namespace';
  serverCommand(group, 'delete <namespace>', removal, [MEANT], async (server, [NamespaceName = ''], options) => {
    checkMeant(options, `deletes the chart namespace ${NamespaceName}`);
    await server.client.call('DeleteChartNamespace', { InstanceId: server.instanceId, NamespaceName });
    return { data: { NamespaceName }, lines: [], notes: [`deleted the chart namespace ${NamespaceName}`] };
  });
}

function registerRepositories(group: Command): void {
  for (const [verb, done, what] of [
    ['create', 'created', 'create a chart repository'],
    ['set', 'changed', 'change a chart repository'],
  ] as const)
    serverCommand(group, `${verb} <namespace/name>`, what, REPOSITORY, async (server, [text = ''], options) => {
      if (verb === 'set') checkChanges(REPOSITORY, options);
      const names = namesOf(text);
      const given = { InstanceId: server.instanceId, ...names, Summary: textOf(options.summary) };
      const action = verb === 'create' ? 'CreateChartRepository' : 'UpdateChartRepository';
      await server.client.call(action, { ...given, RepoType: repoTypeOf(options.type) });
      return { data: names, lines: [], notes: [`${done} the chart repository ${text}`] };
    });
  const removal = 'delete a chart repository with its charts';
  serverCommand(group, 'delete <namespace/name>', removal, [MEANT], async (server, [text = ''], options) => {
    const names = namesOf(text);
    checkMeant(options, `deletes the chart repository ${text} with its charts`);
    await server.client.call('DeleteChartRepository', { InstanceId: server.instanceId, ...names });
    return { data: names, lines: [], notes: [`deleted the chart repository ${text}`] };
  });
}

function namesOf(text: string) {
  const { namespace, name } = parseRepository(text);
  return { RepoNamespaceName: namespace, RepoName: name };
}

function rowOf({ NamespaceName, AutoCreateRepo, DefaultRepoType }: Namespace) {
  const creates = AutoCreateRepo ? `a push creates ${DefaultRepoType?.toLowerCase()} chart repositories` : '';
  return [NamespaceName, creates];
}
