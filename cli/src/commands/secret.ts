import { callNative } from '@slipway/client/call-native.ts';
import type { Command } from 'commander';
import type { Server } from '../find-server.ts';
import { readGivenFile } from '../given-file.ts';
import { onServer, type ServerOptions, withServer } from '../on-server.ts';
import { Output } from '../output.ts';

interface SecretOptions extends ServerOptions {
  repository?: string;
}

interface SetOptions extends SecretOptions {
  file: string;
}

/** `slipway secret`: what steps of builds mount with `--mount=type=secret,id=NAME`. */
export function registerSecret(program: Command): void {
  const secret = program.command('secret').description('secrets that steps mount: RUN --mount=type=secret,id=NAME');
  withPlace(secret.command('set <name>'))
    .description('set a secret for one repository, or for all')
    .requiredOption('--file <file>', 'file with the value, used unchanged; - reads standard input')
    .action((name: string, options: SetOptions) => onServer(options, (server) => set(server, name, options)));
  withPlace(secret.command('list'))
    .description('list the secrets, without values')
    .action((options: SecretOptions) => onServer(options, (server) => list(server, options)));
  withPlace(secret.command('remove <name>'))
    .description('remove a secret')
    .action((name: string, options: SecretOptions) => onServer(options, (server) => remove(server, name, options)));
}

function withPlace(command: Command): Command {
  return withServer(command.option('--repository <namespace/name>', 'only for this repository'));
}

async function set({ client }: Server, secret: string, { repository, file }: SetOptions): Promise<void> {
  await callNative(client, 'setBuildSecret', { secret, repository, Value: readGivenFile(file, 'file') });
}

async function list({ client }: Server, { repository }: SecretOptions): Promise<void> {
  const { Secrets } = await callNative(client, 'listBuildSecrets', { repository });
  const rows = Secrets.map(({ Name, Repository }) => `${Name}  ${Repository ?? 'all repositories'}\n`);
  await new Output().write(rows.join(''));
}

async function remove({ client }: Server, secret: string, { repository }: SecretOptions): Promise<void> {
  await callNative(client, 'removeBuildSecret', { secret, repository });
}
