import { callNative } from '@slipway/client/call-native.ts';
import type { CallParams, CallReply } from '@slipway/client/client.ts';
import type { Command } from 'commander';
import { DETACH_FLAG, followOrDetach } from '../build/watch-build.ts';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import { columns } from '../frame/account-command.ts';
import { type CommandOption, type CommandOptions, JSON_FLAG, serverCommand } from '../frame/server-command.ts';
import { checkChanges, checkMeant, MEANT, textOf } from '../frame/typed-option.ts';
import { parseRepository } from '../input/image-reference.ts';
import { numberedPages } from '../output/list-pages.ts';
import type { Server } from '../server/find-server.ts';
import { onServer, withServer } from '../server/on-server.ts';

const IS_TAG: CommandOption = ['--tag', 'the name is a Git tag instead of a branch'];
const HOW: readonly CommandOption[] = [
  ['--dockerfile <path>', 'path of the Dockerfile in the source'],
  ['--build-arg <K=V...>', 'build arguments'],
  ['--platform <platforms...>', 'platforms of the image, such as linux/arm64'],
];
const CHANGES: readonly CommandOption[] = [
  ['--branch <name>', 'build pushes of this branch, or of branches that match an expression'],
  ['--git-tag <name>', 'build pushes of this Git tag, or of tags that match an expression'],
  ['--image-tag <tag>', 'tag of the image'],
  ...HOW,
];

type Rule = CallReply<'ListRepoBuildRule'>['BuildRules'][number];

/** `slipway rule`: which pushes build which images. */
export function registerRule(program: Command): void {
  const group = program.command('rule').description('build rules, which start builds when you push');
  serverCommand(group, 'list <namespace/name>', 'list the rules of a repository', [], async (server, [text = '']) => {
    const { client } = server;
    const key = await keyOf(server, text);
    const all = await numberedPages(
      (page) => client.call('ListRepoBuildRule', { ...key, ...page }),
      ({ BuildRules }) => BuildRules,
    );
    const notes = all.length === 0 ? ['no rules yet; slipway rule create makes one'] : [];
    return { data: all, lines: columns(all.map(rowOf)), notes };
  });
  const creation = 'create <namespace/name> <branch> <tag>';
  const what = 'build each push of a branch as TAG; slipway rule match shows what a push would start';
  serverCommand(group, creation, what, [IS_TAG, ...HOW], async (server, args, options) => {
    const [text = '', PushName = '', ImageTag = ''] = args;
    const PushType = options.tag === true ? 'GIT_TAG' : 'GIT_BRANCH';
    const rule = { ...(await keyOf(server, text)), PushType, PushName, ImageTag, ...settingsOf(options) } as const;
    const { BuildRuleId = '' } = await server.client.call('CreateRepoBuildRule', rule);
    return { data: { BuildRuleId }, lines: [BuildRuleId] };
  });
  serverCommand(group, 'set <namespace/name> <rule>', 'change a rule', CHANGES, async (server, args, options) => {
    checkChanges(CHANGES, options);
    const [text = '', BuildRuleId = ''] = args;
    const changes = { ...pushOf(options), ImageTag: textOf(options.imageTag), ...settingsOf(options) };
    await server.client.call('UpdateRepoBuildRule', { ...(await keyOf(server, text)), BuildRuleId, ...changes });
    return { data: { BuildRuleId }, lines: [], notes: [`changed the rule ${BuildRuleId}`] };
  });
  serverCommand(group, 'delete <namespace/name> <rule>', 'delete a rule', [MEANT], async (server, args, options) => {
    const [text = '', BuildRuleId = ''] = args;
    checkMeant(options, `deletes the rule ${BuildRuleId}`);
    await server.client.call('DeleteRepoBuildRule', { ...(await keyOf(server, text)), BuildRuleId });
    return { data: { BuildRuleId }, lines: [], notes: [`deleted the rule ${BuildRuleId}`] };
  });
  withServer(group.command('run <namespace/name> <rule>'))
    .description('run a rule without a push, and show the log')
    .option('--push <name>', 'branch or tag to build, which a rule with a pattern needs')
    .option(...DETACH_FLAG, false)
    .option(...JSON_FLAG, false)
    .action(async (text: string, BuildRuleId: string, options: CommandOptions & { detach: boolean }) => {
      process.exitCode = await onServer({ ...options, lasting: options.detach }, async (server) => {
        const key = await keyOf(server, text);
        const { BuildRecordId } = await callNative(server.client, 'buildRule', {
          ...parseRepository(text),
          buildRuleId: BuildRuleId,
          push: textOf(options.push),
        });
        return followOrDetach(server, { ...key, BuildRecordId }, options);
      });
    });
  const match = 'show which rules a push of this branch would start, and the tag each image would get';
  serverCommand(group, 'match <namespace/name> <branch>', match, [IS_TAG], async ({ client }, args, options) => {
    const [text = '', push = ''] = args;
    const type = options.tag === true ? 'GIT_TAG' : 'GIT_BRANCH';
    const data = await callNative(client, 'matchRules', { ...parseRepository(text), push, type });
    const rows = data.Rules.map(({ BuildRuleId, PushName, ImageTag, Mistake }) =>
      [BuildRuleId, PushName, ImageTag ?? `no build: ${Mistake}`].join('  '),
    );
    const off = 'pushes start no builds: the repository has no source, or AutoBuild is off';
    const notes = [...(rows.length === 0 ? [`no rule matches ${push}`] : []), ...(data.AutoBuild ? [] : [off])];
    return { data, lines: rows, notes };
  });
}

async function keyOf({ client, instanceId: InstanceId }: Server, text: string) {
  const { namespace: RepoNamespaceName, name: RepoName } = parseRepository(text);
  const { RepoId = '' } = await client.call('GetRepository', { InstanceId, RepoNamespaceName, RepoName });
  return { InstanceId, RepoId };
}

function pushOf({ branch, gitTag }: CommandOptions): { PushType?: 'GIT_BRANCH' | 'GIT_TAG'; PushName?: string } {
  if (branch !== undefined && gitTag !== undefined)
    throw new CliError(EXIT_CODES.usage, 'a rule is for a branch or for a Git tag: give either --branch or --git-tag');
  if (branch !== undefined) return { PushType: 'GIT_BRANCH', PushName: String(branch) };
  return gitTag === undefined ? {} : { PushType: 'GIT_TAG', PushName: String(gitTag) };
}

type Settings = Pick<
  CallParams<'UpdateRepoBuildRule'>,
  'DockerfileLocation' | 'DockerfileName' | 'BuildArgs' | 'Platforms'
>;

function settingsOf({ dockerfile, buildArg, platform }: CommandOptions): Settings {
  return {
    ...(dockerfile === undefined ? {} : placeOf(String(dockerfile))),
    BuildArgs: buildArg as Settings['BuildArgs'],
    Platforms: platform as Settings['Platforms'],
  };
}

/** The API wants the folder and the name. */
function placeOf(path: string): { DockerfileLocation: string; DockerfileName: string } {
  const inside = path.replace(/^(\.?\/)+/, '');
  const at = inside.lastIndexOf('/');
  return { DockerfileLocation: `/${inside.slice(0, Math.max(at, 0))}`, DockerfileName: inside.slice(at + 1) };
}

function rowOf({ BuildRuleId, PushType, PushName, ImageTag, Platforms = [], ...rule }: Rule) {
  const push = `${PushType === 'GIT_TAG' ? 'tag' : 'branch'} ${PushName}`;
  const file = `${rule.DockerfileLocation ?? '/'}/${rule.DockerfileName ?? 'Dockerfile'}`.replace(/^\/+/, '');
  return [BuildRuleId, push, `as ${ImageTag}`, file, Platforms.join(',')];
}
