import { ApiCallError } from '@slipway/client/api-call-error.ts';
import { callNative } from '@slipway/client/call-native.ts';
import type { CodeHost } from '@slipway/client/native.gen.ts';
import { type Command, Option } from 'commander';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import { type CommandOptions, serverCommand } from '../frame/server-command.ts';
import { onOff, textOf } from '../frame/typed-option.ts';
import { readGivenFile } from '../input/given-file.ts';
import { parseRepository } from '../input/image-reference.ts';
import type { Server } from '../server/find-server.ts';
import { registerSourceChecks } from './source-checks.ts';

const HOST = [
  ['--token-file <file>', 'file with an access token that can read them'],
  ['--user <name>', 'user name that goes with the token'],
  ['--ssh-key <file>', 'file with a private key that can read them, for an ssh:// base URL'],
  ['--known-hosts <file>', 'file with the keys of that host, as ssh-keyscan prints them'],
  ['--allow-private', 'allow loopback and private addresses'],
  ['--status-api <api>', 'show results of builds beside commits, by this API: GITHUB, GITLAB, GITEA or GITEE'],
  ['--status-url <url>', 'address of that API, if it is not where the host usually has it'],
  ['--status-token-file <file>', 'file with a token that may set statuses of commits; --token-file by default'],
] as const;

const AUTO_BUILD = ['--auto-build <on|off>', 'whether pushes start builds; on by default'] as const;

/** `slipway source`: the code hosts, their credentials, and the addresses for their push events. */
export function registerSource(program: Command): void {
  const source = program.command('source').description('code hosts, from which sources are cloned');
  const kinds = 'set a code host: GITHUB, GITLAB, GITEE, CODE or CODEUP';
  serverCommand(source, 'set <type>', kinds, HOST, async ({ client }, [type = ''], options) => {
    const host = await callNative(client, 'setCodeHost', {
      type: type as CodeHost['CodeRepoType'],
      ...hostOf(options),
    });
    return { data: host, lines: [row(host)] };
  })
    .addOption(
      new Option(
        '--base-url <url>',
        'address of its repositories: https://git.example or ssh://git@git.example',
      ).makeOptionMandatory(),
    )
    .hook('preAction', (_, command) => checkSshOptions(command.opts()));
  serverCommand(source, 'list', 'list the code hosts', [], async ({ client }) => {
    const { Sources } = await callNative(client, 'listCodeHosts', {});
    const notes = Sources.length === 0 ? ['no code hosts yet; slipway source set makes one'] : [];
    return { data: Sources, lines: Sources.map(row), notes };
  });
  const removal = 'remove a code host and its credentials';
  serverCommand(source, 'remove <type>', removal, [], async ({ client }, [type = '']) => {
    await callNative(client, 'removeCodeHost', { type: type as CodeHost['CodeRepoType'] });
    return { data: { CodeRepoType: type }, lines: [], notes: [`removed the code host ${type}`] };
  });
  const binding = 'build a repository from a repository of a code host';
  serverCommand(source, 'bind <namespace/name> <type> <source>', binding, [AUTO_BUILD], bindSource);
  const hook = 'make a new webhook address and secret for a repository’s push events';
  serverCommand(source, 'hook <namespace/name>', hook, [], async ({ client }, [repository = '']) => {
    const data = await callNative(client, 'createHook', parseRepository(repository));
    const { Url, Secret, AutoBuild } = data;
    const notes = ['the secret is shown only once; choose JSON (application/json) for push events'];
    if (AutoBuild === undefined)
      notes.push(`${repository} has no source: pushes build nothing until slipway source bind binds it to one`);
    if (AutoBuild === false)
      notes.push(`AutoBuild is off for ${repository}: pushes build nothing until slipway source bind switches it on`);
    return { data, lines: [`Url     ${Url}`, `Secret  ${Secret}`], notes };
  });
  registerSourceChecks(source);
}

/** Binds a repository to a source, or to another one. */
async function bindSource(
  { client, instanceId: InstanceId }: Server,
  args: readonly string[],
  options: CommandOptions,
) {
  const [text = '', type = '', path = ''] = args;
  const { namespace: RepoNamespaceName, name: RepoName } = parseRepository(text);
  // GitLab has groups in groups: all but the last part is the namespace.
  const [, CodeRepoNamespaceName = '', CodeRepoName = ''] = /^(.+)\/([^/]+)$/.exec(path) ?? [];
  if (CodeRepoName === '')
    throw new CliError(EXIT_CODES.usage, `${path} is not a repository of a code host; write OWNER/NAME, or GROUP/NAME`);
  const { RepoId = '' } = await client.call('GetRepository', { InstanceId, RepoNamespaceName, RepoName });
  const CodeRepoType = type.toUpperCase() as CodeHost['CodeRepoType'];
  const source = { InstanceId, RepoId, CodeRepoType, CodeRepoNamespaceName, CodeRepoName };
  const isOn = onOff('--auto-build', options.autoBuild) ?? true;
  try {
    await client.call('CreateRepoSourceCodeRepo', { ...source, AutoBuild: isOn });
  } catch (error) {
    if (!(error instanceof ApiCallError && error.code === 'SOURCE_CODE_REPO_ALREADY_EXIST')) throw error;
    await client.call('UpdateRepoSourceCodeRepo', { ...source, AutoBuild: isOn ? 'true' : 'false' });
  }
  const starts = isOn ? 'pushes build it by its rules' : 'pushes build nothing';
  return {
    data: { RepoId, CodeRepoType, CodeRepoNamespaceName, CodeRepoName, AutoBuild: isOn },
    lines: [],
    notes: [`${text} is built from ${path} at ${CodeRepoType}; ${starts}`],
  };
}

function hostOf(options: CommandOptions) {
  return {
    BaseUrl: String(options.baseUrl),
    // Without the line end that editors add.
    Token: readGiven(options.tokenFile, 'token')?.trim(),
    User: textOf(options.user),
    SshKey: readGiven(options.sshKey, 'key'),
    KnownHosts: readGiven(options.knownHosts, 'known hosts'),
    AllowPrivate: options.allowPrivate === true,
    StatusApi: textOf(options.statusApi)?.toUpperCase(),
    StatusUrl: textOf(options.statusUrl),
    StatusToken: readGiven(options.statusTokenFile, 'status token')?.trim(),
  };
}

/** An unverified host could be anyone, so its keys must be given: they are never taken on trust. */
function checkSshOptions({ baseUrl, sshKey, knownHosts }: CommandOptions): void {
  if (sshKey === undefined || knownHosts !== undefined) return;
  const [, host = 'HOST', port = '22'] = /^ssh:\/\/(?:[^@/]*@)?([^:/]+)(?::(\d+))?/.exec(String(baseUrl)) ?? [];
  throw new CliError(
    EXIT_CODES.usage,
    `--ssh-key needs --known-hosts: run "ssh-keyscan -p ${port} ${host} >known_hosts", compare the output of "ssh-keygen -lf known_hosts" with the fingerprints that the host publishes, and add --known-hosts known_hosts`,
  );
}

/** Reads a file if one was named. */
function readGiven(file: unknown, what: string): string | undefined {
  return typeof file === 'string' ? readGivenFile(file, `${what} file`) : undefined;
}

function row(host: CodeHost): string {
  const opened = host.SshKey ? `with the key ${host.SshKey}` : host.HasToken ? 'with a token' : 'without a token';
  const known = (host.HostKeys ?? []).map(({ Type, Fingerprint }) => `, known by ${Type} ${Fingerprint}`).join('');
  const allowed = host.AllowPrivate ? ', private addresses allowed' : '';
  const statuses = host.StatusApi === undefined ? '' : `, statuses to ${host.StatusUrl} (${host.StatusApi})`;
  const failed = host.StatusFailure === undefined ? '' : `; the last status could not be set: ${host.StatusFailure}`;
  return `${host.CodeRepoType.padEnd(6)}  ${host.BaseUrl}  ${opened}${known}${allowed}${statuses}${failed}`;
}
