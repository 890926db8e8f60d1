import { callNative } from '@slipway/client/call-native.ts';
import type { CodeHost } from '@slipway/client/native.gen.ts';
import type { Command } from 'commander';
import { CliError, EXIT_CODES } from '../cli-error.ts';
import type { Server } from '../find-server.ts';
import { readGivenFile } from '../given-file.ts';
import { onServer, type ServerOptions, withServer } from '../on-server.ts';
import { Output } from '../output.ts';
import { say } from '../say.ts';

interface SetOptions extends ServerOptions {
  baseUrl: string;
  tokenFile?: string;
  user?: string;
  sshKey?: string;
  knownHosts?: string;
  allowPrivate: boolean;
  statusApi?: string;
  statusUrl?: string;
  statusTokenFile?: string;
}

/** `slipway source`: the code hosts, their credentials, and the addresses for their push events. */
export function registerSource(program: Command): void {
  const source = program.command('source').description('code hosts, from which sources are cloned');
  withServer(source.command('set <type>'))
    .description('set a code host: GITHUB, GITLAB, GITEE, CODE or CODEUP')
    .requiredOption('--base-url <url>', 'address of its repositories: https://git.example or ssh://git@git.example')
    .option('--token-file <file>', 'file with an access token that can read them')
    .option('--user <name>', 'user name that goes with the token')
    .option('--ssh-key <file>', 'file with a private key that can read them, for an ssh:// base URL')
    .option('--known-hosts <file>', 'file with the keys of that host, as ssh-keyscan prints them')
    .option('--allow-private', 'allow loopback and private addresses', false)
    .option('--status-api <api>', 'show results of builds beside commits, by this API: GITHUB, GITLAB, GITEA or GITEE')
    .option('--status-url <url>', 'address of that API, if it is not where the host usually has it')
    .option('--status-token-file <file>', 'file with a token that may set statuses of commits; --token-file by default')
    .action((type: string, options: SetOptions) => {
      checkSshOptions(options);
      return onServer(options, (server) => set(server, type, options));
    });
  withServer(source.command('list'))
    .description('list the code hosts')
    .action((options: ServerOptions) => onServer(options, list));
  withServer(source.command('remove <type>'))
    .description('remove a code host and its credentials')
    .action((type: string, options: ServerOptions) =>
      onServer(options, async ({ client }) => {
        await callNative(client, 'removeCodeHost', { type });
      }),
    );
  withServer(source.command('hook <namespace/name>'))
    .description('make a new webhook address and secret for a repository’s push events')
    .action((repository: string, options: ServerOptions) => onServer(options, (server) => hook(server, repository)));
}

async function set({ client }: Server, type: string, options: SetOptions): Promise<void> {
  const host = await callNative(client, 'setCodeHost', {
    type,
    BaseUrl: options.baseUrl,
    // Without the line end that editors add.
    Token: readGiven(options.tokenFile, 'token')?.trim(),
    User: options.user,
    SshKey: readGiven(options.sshKey, 'key'),
    KnownHosts: readGiven(options.knownHosts, 'known hosts'),
    AllowPrivate: options.allowPrivate,
    StatusApi: options.statusApi?.toUpperCase(),
    StatusUrl: options.statusUrl,
    StatusToken: readGiven(options.statusTokenFile, 'status token')?.trim(),
  });
  await new Output().write(`${row(host)}\n`);
}

/** An unverified host could be anyone, so its keys must be given: they are never taken on trust. */
function checkSshOptions({ baseUrl, sshKey, knownHosts }: SetOptions): void {
  if (sshKey === undefined || knownHosts !== undefined) return;
  const [, host = 'HOST', port = '22'] = /^ssh:\/\/(?:[^@/]*@)?([^:/]+)(?::(\d+))?/.exec(baseUrl) ?? [];
  throw new CliError(
    EXIT_CODES.usage,
    `--ssh-key needs --known-hosts: run "ssh-keyscan -p ${port} ${host} >known_hosts", compare the output of "ssh-keygen -lf known_hosts" with the fingerprints that the host publishes, and add --known-hosts known_hosts`,
  );
}

/** Reads a file if one was named. */
function readGiven(file: string | undefined, what: string): string | undefined {
  return file === undefined ? undefined : readGivenFile(file, `${what} file`);
}

async function list({ client }: Server): Promise<void> {
  const { Sources } = await callNative(client, 'listCodeHosts', {});
  await new Output().write(Sources.map((host) => `${row(host)}\n`).join(''));
}

async function hook({ client }: Server, repository: string): Promise<void> {
  const [namespace = '', name = '', ...rest] = repository.split('/');
  if (namespace === '' || name === '' || rest.length > 0)
    throw new CliError(EXIT_CODES.usage, `${JSON.stringify(repository)} is not of the form NAMESPACE/NAME`);
  const { Url, Secret, AutoBuild } = await callNative(client, 'createHook', { namespace, name });
  await new Output().write(`Url     ${Url}\nSecret  ${Secret}\n`);
  say('the secret is shown only once; choose JSON (application/json) for push events');
  if (AutoBuild === true) return;
  const off =
    AutoBuild === undefined
      ? `${repository} has no source: pushes build nothing until CreateRepoSourceCodeRepo binds it to one with AutoBuild=true`
      : `AutoBuild is off for ${repository}: pushes build nothing until UpdateRepoSourceCodeRepo sets AutoBuild=true`;
  say(off);
}

function row(host: CodeHost): string {
  const opened = host.SshKey ? `with the key ${host.SshKey}` : host.HasToken ? 'with a token' : 'without a token';
  const known = (host.HostKeys ?? []).map(({ Type, Fingerprint }) => `, known by ${Type} ${Fingerprint}`).join('');
  const allowed = host.AllowPrivate ? ', private addresses allowed' : '';
  const statuses = host.StatusApi === undefined ? '' : `, statuses to ${host.StatusUrl} (${host.StatusApi})`;
  const failed = host.StatusFailure === undefined ? '' : `; the last status could not be set: ${host.StatusFailure}`;
  return `${host.CodeRepoType.padEnd(6)}  ${host.BaseUrl}  ${opened}${known}${allowed}${statuses}${failed}`;
}
