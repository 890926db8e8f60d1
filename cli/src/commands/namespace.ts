import type { CallParams, CallReply } from '@slipway/client/client.ts';
import type { Command } from 'commander';
import { columns } from '../frame/account-command.ts';
import { type CommandOption, type CommandOptions, serverCommand } from '../frame/server-command.ts';
import { checkChanges, checkMeant, MEANT, onOff, repoTypeOf } from '../frame/typed-option.ts';
import { replyData } from '../output/call-data.ts';
import { numberedPages } from '../output/list-pages.ts';
import type { Server } from '../server/find-server.ts';
import { waitUntilGone } from '../server/wait-until-gone.ts';

const SETTINGS: readonly CommandOption[] = [
  ['--auto-create <on|off>', 'whether a push creates the repository that it names'],
  ['--type <type>', 'type of repositories that a push creates: public or private'],
  ['--immutable-tags <on|off>', 'whether tags of such repositories can be set only once'],
];

type Namespace = CallReply<'ListNamespace'>['Namespaces'][number];

/** `slipway namespace`: the first part of the names of images, and what its new repositories are like. */
export function registerNamespace(program: Command): void {
  const group = program.command('namespace').description('namespaces, which hold repositories');
  serverCommand(group, 'list', 'list the namespaces', [], async ({ client, instanceId: InstanceId }) => {
    const all = await numberedPages(
      (page) => client.call('ListNamespace', { InstanceId, ...page }),
      ({ Namespaces }) => Namespaces,
    );
    const notes = all.length === 0 ? ['no namespaces yet; slipway namespace create makes one'] : [];
    return { data: all, lines: columns(all.map(rowOf)), notes };
  });
  serverCommand(group, 'show <namespace>', 'show a namespace', [], async (server, [name = '']) => {
    const data = await getNamespace(server, name);
    return { data, lines: linesOf(data) };
  });
  serverCommand(group, 'create <namespace>', 'create a namespace', SETTINGS, async (server, args, options) => {
    const [NamespaceName = ''] = args;
    const given = { InstanceId: server.instanceId, NamespaceName, ...(await settingsOf(options)) };
    await server.client.call('CreateNamespace', given);
    return done(NamespaceName, 'created');
  });
  serverCommand(group, 'set <namespace>', 'change a namespace', SETTINGS, async (server, args, options) => {
    checkChanges(SETTINGS, options);
    const [NamespaceName = ''] = args;
    const changes = await settingsOf(options, () => getNamespace(server, NamespaceName));
    await server.client.call('UpdateNamespace', { InstanceId: server.instanceId, NamespaceName, ...changes });
    return done(NamespaceName, 'changed');
  });
  serverCommand(group, 'delete <namespace>', 'delete a namespace', [MEANT], async (server, args, options) => {
    const [NamespaceName = ''] = args;
    checkMeant(options, `deletes the namespace ${NamespaceName}`);
    await server.client.call('DeleteNamespace', { InstanceId: server.instanceId, NamespaceName });
    await waitUntilGone(() => getNamespace(server, NamespaceName), options);
    return done(NamespaceName, 'deleted');
  });
}

function done(NamespaceName: string, verb: string) {
  return { data: { NamespaceName }, lines: [], notes: [`${verb} the namespace ${NamespaceName}`] };
}

async function getNamespace({ client, instanceId: InstanceId }: Server, NamespaceName: string): Promise<Namespace> {
  return replyData(await client.call('GetNamespace', { InstanceId, NamespaceName }));
}

type Settings = Omit<CallParams<'UpdateNamespace'>, 'InstanceId' | 'NamespaceName'>;

/** The parameters of the options. The configuration is set as a whole, so what stays comes from the current one. */
async function settingsOf(options: CommandOptions, getCurrent?: () => Promise<Namespace>): Promise<Settings> {
  const AutoCreateRepo = onOff('--auto-create', options.autoCreate);
  const DefaultRepoType = repoTypeOf(options.type);
  const TagImmutability = onOff('--immutable-tags', options.immutableTags);
  const simple = { AutoCreateRepo, DefaultRepoType };
  if (TagImmutability === undefined) return simple;
  const current = await getCurrent?.();
  const kept = current?.DefaultRepoConfiguration?.ArtifactBuildRuleParameters;
  const parameters =
    kept === undefined ? {} : { ArtifactBuildRuleParameters: { ImageIndexOnly: kept.ImageIndexOnly ?? false } };
  const RepoType = DefaultRepoType ?? current?.DefaultRepoType ?? 'PRIVATE';
  return { ...simple, DefaultRepoConfiguration: { RepoType, TagImmutability, ...parameters } };
}

function rowOf({ NamespaceName, DefaultRepoType, AutoCreateRepo, NamespaceStatus }: Namespace) {
  const creates = AutoCreateRepo ? `a push creates ${DefaultRepoType?.toLowerCase()} repositories` : '';
  return [NamespaceName, creates, NamespaceStatus === 'NORMAL' ? '' : NamespaceStatus];
}

function linesOf(namespace: Namespace): string[] {
  const { NamespaceName, NamespaceId, NamespaceStatus, AutoCreateRepo, DefaultRepoType } = namespace;
  return columns([
    ['name', NamespaceName],
    ['id', NamespaceId],
    ['status', NamespaceStatus],
    ['auto-create', AutoCreateRepo ? 'on' : 'off'],
    ['type', DefaultRepoType?.toLowerCase()],
    ['immutable-tags', namespace.DefaultRepoConfiguration?.TagImmutability ? 'on' : 'off'],
  ]);
}
