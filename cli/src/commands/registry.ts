import { callNative } from '@slipway/client/call-native.ts';
import type { Registry } from '@slipway/client/native.gen.ts';
import { type Command, Option } from 'commander';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import { type CommandOptions, type Shown, serverCommand } from '../frame/server-command.ts';
import { textOf } from '../frame/typed-option.ts';
import { readGivenLine } from '../input/given-file.ts';

const LOGIN = [
  ['--password-stdin', 'read the password or token from standard input'],
  ['--password-file <file>', 'read the password or token from a file'],
  ['--namespace <name...>', 'only for builds of these namespaces'],
] as const;
const REACH = [
  ['--plain-http', 'use plain HTTP, without TLS'],
  ['--allow-private', 'allow loopback and private addresses'],
] as const;

/** `slipway registry`: the registries that base images come from. */
export function registerRegistry(program: Command): void {
  const group = program.command('registry').description('logins and mirrors for the registries of base images');
  const login = 'set the login that builds use at a registry or a mirror: docker.io, ghcr.io, registry.example:5000';
  serverCommand(group, 'login <host>', login, LOGIN, async ({ client }, [host = ''], options) => {
    const Namespaces = options.namespace as string[] | undefined;
    const fields = { User: String(options.username), Password: readPassword(options), Namespaces };
    return shown(await callNative(client, 'setRegistryLogin', { host, ...fields }));
  }).addOption(new Option('--username <name>', 'user name at the registry').makeOptionMandatory());
  serverCommand(group, 'logout <host>', 'remove a login', [], async ({ client }, [host = '']) =>
    shown(await callNative(client, 'removeRegistryLogin', { host })),
  );
  const mirror = 'set the mirrors to ask before a registry, in order; without a URL, remove them';
  serverCommand(group, 'mirror <host> [url...]', mirror, [], async ({ client }, [host = '', ...Mirrors]) =>
    shown(await callNative(client, 'setRegistryMirrors', { host, Mirrors })),
  );
  const reach = 'set how to reach a registry; without options, only over TLS and at public addresses';
  serverCommand(group, 'reach <host>', reach, REACH, async ({ client }, [host = ''], options) => {
    const fields = { PlainHttp: options.plainHttp === true, AllowPrivate: options.allowPrivate === true };
    return shown(await callNative(client, 'setRegistryReach', { host, ...fields }));
  });
  const list = 'list logins, mirrors and how registries are reached';
  serverCommand(group, 'list', list, [], async ({ client }) => {
    const { Registries } = await callNative(client, 'listRegistries', {});
    const notes = Registries.length === 0 ? ['nothing is set; base images come from public registries'] : [];
    return { data: Registries, lines: Registries.map(row), notes };
  });
  const removal = 'remove all settings of a registry';
  serverCommand(group, 'remove <host>', removal, [], async ({ client }, [host = '']) => {
    await callNative(client, 'removeRegistry', { host });
    return { data: { Host: host }, lines: [], notes: [`removed all settings of ${host}`] };
  });
}

/** Never an argument: every user of the machine can see arguments. */
function readPassword({ passwordStdin, passwordFile }: CommandOptions): string {
  if ((passwordStdin === true) === (passwordFile !== undefined))
    throw new CliError(EXIT_CODES.usage, 'give the password with --password-stdin or --password-file FILE');
  return readGivenLine(textOf(passwordFile) ?? '-', 'password');
}

function shown(registry: Registry): Shown {
  return { data: registry, lines: [row(registry)] };
}

function row({ Host, Mirrors, User, Namespaces, PlainHttp, AllowPrivate }: Registry): string {
  const only = Namespaces === undefined ? '' : ` (builds of ${Namespaces.join(', ')} only)`;
  const login = User === undefined ? 'without a login' : `as ${User}${only}`;
  const mirrors = Mirrors.length === 0 ? '' : `, mirrors: ${Mirrors.join(' ')}`;
  const reach = `${PlainHttp ? ', plain http' : ''}${AllowPrivate ? ', private addresses allowed' : ''}`;
  return `${Host}  ${login}${mirrors}${reach}`;
}
