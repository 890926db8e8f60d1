import { resolve } from 'node:path';
import type { Command } from 'commander';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import { columns } from '../frame/account-command.ts';
import { type CommandOption, type CommandOptions, localCommand } from '../frame/server-command.ts';
import { textOf } from '../frame/typed-option.ts';
import { readEnvironment } from '../input/environment.ts';
import { readGivenLine } from '../input/given-file.ts';
import {
  type ContextFile,
  getContext,
  readContexts,
  type ServerContext,
  writeContexts,
} from '../server/context-file.ts';
import { plainEndpoint } from '../server/plain-endpoint.ts';
import { readRootFile } from '../server/root-file.ts';

const SERVER: readonly CommandOption[] = [
  ['--endpoint <url>', 'address of the server, such as https://HOST:PORT'],
  ['--access-key-id <id>', 'id of your key; without it, SLIPWAY_ACCESS_KEY_ID, or the key of the data folder'],
  ['--secret-file <file>', 'file with the secret of that key; - reads standard input'],
  ['--data <folder>', 'data folder whose root.json has the key pair'],
];
const NAME = /^\w[\w.-]{0,63}$/;

/** `slipway context`: servers by name, with your keys, in a file that only you can read. */
export function registerContext(program: Command): void {
  const group = program.command('context').description('servers by name, with your key for each');
  localCommand(group, 'add <name>', 'store a server under a name, or replace it', SERVER, ([name = ''], options) => {
    if (!NAME.test(name))
      throw new CliError(EXIT_CODES.usage, `${JSON.stringify(name)} is not a name: letters, digits, _, . and -`);
    const { contextFile } = readEnvironment();
    const known = readContexts(contextFile);
    const { caFile } = program.opts<{ caFile?: string }>();
    const CaFile = caFile ?? readEnvironment().caFile;
    const added = { ...contextOf(options), ...(CaFile === undefined ? {} : { CaFile: resolve(CaFile) }) };
    const isFirst = Object.keys(known.Contexts).length === 0;
    const Current = isFirst ? name : known.Current;
    writeContexts(contextFile, { Current, Contexts: { ...known.Contexts, [name]: added } });
    const use =
      Current === name ? 'commands use it from now on' : `slipway context use ${name} makes it the current one`;
    return { data: shownOf(name, added, Current), lines: [], notes: [`stored ${name} in ${contextFile}; ${use}`] };
  });
  localCommand(group, 'list', 'list the servers; a * marks the current one', [], () => {
    const { Current, Contexts } = readContexts(readEnvironment().contextFile);
    const all = Object.entries(Contexts).map(([name, context]) => shownOf(name, context, Current));
    const lines = columns(all.map((each) => [each.Current ? '*' : '', each.Name, each.Endpoint, each.AccessKeyId]));
    const notes = all.length === 0 ? ['no contexts yet; slipway context add makes one'] : [];
    return { data: all, lines, notes };
  });
  localCommand(
    group,
    'use [name]',
    'make a server the current one; without a name, no server is current',
    [],
    ([name]) => {
      const { contextFile } = readEnvironment();
      const known = readContexts(contextFile);
      if (name !== undefined) getContext(known, name);
      writeContexts(contextFile, { ...known, Current: name });
      const note =
        name === undefined ? 'commands use the server of the folder data' : `commands use ${name} from now on`;
      return { data: { Current: name ?? null }, lines: [], notes: [note] };
    },
  );
  localCommand(group, 'remove <name>', 'remove a server and its key', [], ([name = '']) => {
    const { contextFile } = readEnvironment();
    const known = readContexts(contextFile);
    getContext(known, name);
    const Contexts = Object.fromEntries(Object.entries(known.Contexts).filter(([each]) => each !== name));
    const left: ContextFile = { Current: known.Current === name ? undefined : known.Current, Contexts };
    writeContexts(contextFile, left);
    return { data: { Name: name }, lines: [], notes: [`removed ${name}`] };
  });
}

/** The server and the key pair that the flags or the environment give. Throws `CliError`. */
function contextOf(options: CommandOptions): ServerContext {
  const environment = readEnvironment();
  const Endpoint = textOf(options.endpoint) ?? environment.endpoint;
  if (Endpoint === undefined) throw new CliError(EXIT_CODES.usage, 'give the address of the server with --endpoint');
  return { Endpoint: plainEndpoint(Endpoint), ...pairOf(options, environment) };
}

function pairOf({ accessKeyId, secretFile, data }: CommandOptions, environment: ReturnType<typeof readEnvironment>) {
  if ((accessKeyId === undefined) !== (secretFile === undefined))
    throw new CliError(EXIT_CODES.usage, 'give --access-key-id and --secret-file together');
  if (accessKeyId !== undefined)
    return { AccessKeyId: String(accessKeyId), AccessKeySecret: readGivenLine(String(secretFile), 'secret') };
  const { accessKeyId: id, accessKeySecret: secret, securityToken: SecurityToken } = environment;
  if (data === undefined && id !== undefined && secret !== undefined)
    return { AccessKeyId: id, AccessKeySecret: secret, ...(SecurityToken === undefined ? {} : { SecurityToken }) };
  const folder = data ?? environment.dataFolder;
  const root = readRootFile(folder);
  if (root !== undefined) return { AccessKeyId: root.AccessKeyId, AccessKeySecret: root.AccessKeySecret };
  throw new CliError(
    EXIT_CODES.usage,
    'no key pair: give --access-key-id and --secret-file, set SLIPWAY_ACCESS_KEY_ID and SLIPWAY_ACCESS_KEY_SECRET, or give --data',
  );
}

/** A context without its secret. */
function shownOf(Name: string, { Endpoint, AccessKeyId, CaFile }: ServerContext, current: string | undefined) {
  return { Name, Endpoint, AccessKeyId, CaFile, Current: Name === current };
}
