import type { CallReply } from '@slipway/client/client.ts';
import type { Command } from 'commander';
import { columns } from '../frame/account-command.ts';
import { type CommandOption, type CommandOptions, serverCommand } from '../frame/server-command.ts';
import { checkChanges, checkMeant, MEANT, onOff, repoTypeOf, textOf } from '../frame/typed-option.ts';
import { parseRepository } from '../input/image-reference.ts';
import { replyData } from '../output/call-data.ts';
import { numberedPages } from '../output/list-pages.ts';
import { utcTime } from '../output/utc-time.ts';
import type { Server } from '../server/find-server.ts';
import { waitUntilGone } from '../server/wait-until-gone.ts';

const SETTINGS: readonly CommandOption[] = [
  ['--type <type>', 'public, which everyone may pull, or private'],
  ['--summary <text>', 'short description, at most 100 characters'],
  ['--detail <text>', 'long description'],
  ['--immutable-tags <on|off>', 'whether its tags can be set only once'],
];

type Repository = CallReply<'ListRepository'>['Repositories'][number];

/** `slipway repo`: the repositories that images are pushed to. */
export function registerRepo(program: Command): void {
  const group = program.command('repo').description('repositories, which hold the images of one name');
  const usage = 'list [namespace]';
  serverCommand(group, usage, 'list the repositories, or those of one namespace', [], async (server, [namespace]) => {
    const { client, instanceId: InstanceId } = server;
    const query = { InstanceId, RepoStatus: 'ALL', RepoNamespaceName: namespace } as const;
    const all = await numberedPages(
      (page) => client.call('ListRepository', { ...query, ...page }),
      ({ Repositories }) => Repositories,
    );
    const notes = all.length === 0 ? ['no repositories yet; slipway repo create makes one'] : [];
    return { data: all, lines: columns(all.map(rowOf)), notes };
  });
  serverCommand(group, 'show <namespace/name>', 'show a repository', [], async (server, [text = '']) => {
    const data = await getRepository(server, namesOf(text));
    return { data, lines: linesOf(data) };
  });
  serverCommand(group, 'create <namespace/name>', 'create a repository', SETTINGS, async (server, args, options) => {
    const names = namesOf(args[0]);
    const { RepoType = 'PRIVATE', Summary, ...rest } = settingsOf(options);
    const given = { ...names, RepoType, Summary: Summary ?? names.RepoName, ...rest };
    const { RepoId } = await server.client.call('CreateRepository', { InstanceId: server.instanceId, ...given });
    return done(names, 'created', { RepoId });
  });
  serverCommand(group, 'set <namespace/name>', 'change a repository', SETTINGS, async (server, args, options) => {
    checkChanges(SETTINGS, options);
    const names = namesOf(args[0]);
    const { RepoType, Summary, ...rest } = settingsOf(options);
    // Type and summary are always sent, so those that stay come from the repository.
    const isWhole = RepoType !== undefined && Summary !== undefined;
    const current: Repository = isWhole ? {} : await getRepository(server, names);
    const type = RepoType ?? (current.RepoType === 'PUBLIC' ? 'PUBLIC' : 'PRIVATE');
    const given = { ...names, RepoType: type, Summary: Summary ?? current.Summary ?? '', ...rest };
    await server.client.call('UpdateRepository', { InstanceId: server.instanceId, ...given });
    return done(names, 'changed');
  });
  const what = 'delete a repository with its images and builds';
  serverCommand(group, 'delete <namespace/name>', what, [MEANT], async (server, args, options) => {
    const names = namesOf(args[0]);
    checkMeant(options, `deletes ${names.RepoNamespaceName}/${names.RepoName} with its images and builds`);
    await server.client.call('DeleteRepository', { InstanceId: server.instanceId, ...names });
    await waitUntilGone(() => getRepository(server, names), options);
    return done(names, 'deleted');
  });
}

interface RepositoryNames {
  RepoNamespaceName: string;
  RepoName: string;
}

function namesOf(text = ''): RepositoryNames {
  const { namespace, name } = parseRepository(text);
  return { RepoNamespaceName: namespace, RepoName: name };
}

function done(names: RepositoryNames, verb: string, more: object = {}) {
  const note = `${verb} ${names.RepoNamespaceName}/${names.RepoName}`;
  return { data: { ...names, ...more }, lines: [], notes: [note] };
}

async function getRepository({ client, instanceId: InstanceId }: Server, names: RepositoryNames) {
  return replyData(await client.call('GetRepository', { InstanceId, ...names }));
}

function settingsOf(options: CommandOptions) {
  return {
    RepoType: repoTypeOf(options.type),
    Summary: textOf(options.summary),
    Detail: textOf(options.detail),
    TagImmutability: onOff('--immutable-tags', options.immutableTags),
  };
}

function rowOf({ RepoNamespaceName, RepoName, RepoType, RepoStatus, Summary }: Repository) {
  const status = RepoStatus === 'NORMAL' ? '' : ` (${RepoStatus})`;
  return [`${RepoNamespaceName}/${RepoName}`, RepoType?.toLowerCase(), `${Summary ?? ''}${status}`];
}

function linesOf(repository: Repository & { Detail?: string | undefined }): string[] {
  const { RepoNamespaceName, RepoName, RepoId, RepoType, RepoStatus, Summary, Detail } = repository;
  return columns([
    ['name', `${RepoNamespaceName}/${RepoName}`],
    ['id', RepoId],
    ['status', RepoStatus],
    ['type', RepoType?.toLowerCase()],
    ['summary', Summary],
    ...(Detail ? [['detail', Detail]] : []),
    ['immutable-tags', repository.TagImmutability ? 'on' : 'off'],
    ['created', utcTime(repository.CreateTime ?? 0)],
  ]);
}
