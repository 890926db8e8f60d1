import { callNative } from '@slipway/client/call-native.ts';
import type { CodeHost } from '@slipway/client/native.gen.ts';
import { type Command, Option } from 'commander';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import { type CommandOptions, serverCommand } from '../frame/server-command.ts';
import { textOf } from '../frame/typed-option.ts';
import { readGivenFile } from '../input/given-file.ts';
import { parseRepository } from '../input/image-reference.ts';

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
    return { data: Sources, lines: Sources.map(row) };
  });
  const removal = 'remove a code host and its credentials';
  serverCommand(source, 'remove <type>', removal, [], async ({ client }, [type = '']) => {
    await callNative(client, 'removeCodeHost', { type: type as CodeHost['CodeRepoType'] });
    return { data: { CodeRepoType: type }, lines: [] };
  });
  const hook = 'make a new webhook address and secret for a repository’s push events';
  serverCommand(source, 'hook <namespace/name>', hook, [], async ({ client }, [repository = '']) => {
    const data = await callNative(client, 'createHook', parseRepository(repository));
    const { Url, Secret, AutoBuild } = data;
    const notes = ['the secret is shown only once; choose JSON (application/json) for push events'];
    if (AutoBuild === undefined)
      notes.push(
        `${repository} has no source: pushes build nothing until CreateRepoSourceCodeRepo binds it to one with AutoBuild=true`,
      );
    if (AutoBuild === false)
      notes.push(
        `AutoBuild is off for ${repository}: pushes build nothing until UpdateRepoSourceCodeRepo sets AutoBuild=true`,
      );
    return { data, lines: [`Url     ${Url}`, `Secret  ${Secret}`], notes };
  });
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
