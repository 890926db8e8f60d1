import { callNative } from '@slipway/client/call-native.ts';
import type { Registry } from '@slipway/client/native.gen.ts';
import type { Command } from 'commander';
import { CliError, EXIT_CODES } from '../cli-error.ts';
import type { Server } from '../find-server.ts';
import { readGivenLine } from '../given-file.ts';
import { onServer, type ServerOptions, withServer } from '../on-server.ts';
import { Output } from '../output.ts';

interface LoginOptions extends ServerOptions {
  username: string;
  passwordStdin?: boolean;
  passwordFile?: string;
  namespace?: string[];
}

/** `slipway registry`: the registries that base images come from. */
export function registerRegistry(program: Command): void {
  const registry = program.command('registry').description('logins and mirrors for the registries of base images');
  withServer(registry.command('login <host>'))
    .description('set the login that builds use at a registry or a mirror: docker.io, ghcr.io, registry.example:5000')
    .requiredOption('--username <name>', 'user name at the registry')
    .option('--password-stdin', 'read the password or token from standard input')
    .option('--password-file <file>', 'read the password or token from a file')
    .option('--namespace <name...>', 'only for builds of these namespaces')
    .action((host: string, options: LoginOptions) => {
      const fields = { User: options.username, Password: readPassword(options), Namespaces: options.namespace };
      return onServer(options, ({ client }) => print(callNative(client, 'setRegistryLogin', { host, ...fields })));
    });
  withServer(registry.command('logout <host>'))
    .description('remove a login')
    .action((host: string, options: ServerOptions) =>
      onServer(options, ({ client }) => print(callNative(client, 'removeRegistryLogin', { host }))),
    );
  withServer(registry.command('mirror <host> [url...]'))
    .description('set the mirrors to ask before a registry, in order; without a URL, remove them')
    .action((host: string, urls: string[], options: ServerOptions) =>
      onServer(options, ({ client }) => print(callNative(client, 'setRegistryMirrors', { host, Mirrors: urls }))),
    );
  withServer(registry.command('reach <host>'))
    .description('set how to reach a registry; without options, only over TLS and at public addresses')
    .option('--plain-http', 'use plain HTTP, without TLS', false)
    .option('--allow-private', 'allow loopback and private addresses', false)
    .action((host: string, options: ServerOptions & { plainHttp: boolean; allowPrivate: boolean }) => {
      const fields = { PlainHttp: options.plainHttp, AllowPrivate: options.allowPrivate };
      return onServer(options, ({ client }) => print(callNative(client, 'setRegistryReach', { host, ...fields })));
    });
  withServer(registry.command('list'))
    .description('list logins, mirrors and how registries are reached')
    .action((options: ServerOptions) => onServer(options, list));
  withServer(registry.command('remove <host>'))
    .description('remove all settings of a registry')
    .action((host: string, options: ServerOptions) =>
      onServer(options, async ({ client }) => {
        await callNative(client, 'removeRegistry', { host });
      }),
    );
}

/** Never an argument: every user of the machine can see arguments. */
function readPassword({ passwordStdin, passwordFile }: LoginOptions): string {
  if ((passwordStdin === true) === (passwordFile !== undefined))
    throw new CliError(EXIT_CODES.usage, 'give the password with --password-stdin or --password-file FILE');
  return readGivenLine(passwordFile ?? '-', 'password');
}

async function print(changed: Promise<Registry>): Promise<void> {
  await new Output().write(`${row(await changed)}\n`);
}

async function list({ client }: Server): Promise<void> {
  const { Registries } = await callNative(client, 'listRegistries', {});
  await new Output().write(Registries.map((registry) => `${row(registry)}\n`).join(''));
}

function row({ Host, Mirrors, User, Namespaces, PlainHttp, AllowPrivate }: Registry): string {
  const only = Namespaces === undefined ? '' : ` (builds of ${Namespaces.join(', ')} only)`;
  const login = User === undefined ? 'without a login' : `as ${User}${only}`;
  const mirrors = Mirrors.length === 0 ? '' : `, mirrors: ${Mirrors.join(' ')}`;
  const reach = `${PlainHttp ? ', plain http' : ''}${AllowPrivate ? ', private addresses allowed' : ''}`;
  return `${Host}  ${login}${mirrors}${reach}`;
}
