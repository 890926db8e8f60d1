import type { Command } from 'commander';
import { findServer, type Server } from '../find-server.ts';
import { readGivenFile } from '../given-file.ts';
import { readReply } from '../native-reply.ts';
import { Output } from '../output.ts';

interface SecretOptions {
  endpoint?: string;
  data?: string;
  repository?: string;
}

interface SetOptions extends SecretOptions {
  file: string;
}

interface BuildSecret {
  Name: string;
  Repository?: string;
}

/** `slipway secret`: what steps of builds mount with `--mount=type=secret,id=NAME`. */
export function registerSecret(program: Command): void {
  const secret = program.command('secret').description('secrets that steps mount: RUN --mount=type=secret,id=NAME');
  withPlace(secret.command('set <name>'))
    .description('set a secret of a repository, or of all')
    .requiredOption('--file <file>', 'file with the value, taken as it is; - reads standard input')
    .action((name: string, options: SetOptions) =>
      onServer(options, (server) => send(server, 'PUT', name, options, { Value: readGivenFile(options.file, 'file') })),
    );
  withPlace(secret.command('list'))
    .description('list the secrets there are, without values')
    .action((options: SecretOptions) => onServer(options, (server) => list(server, options)));
  withPlace(secret.command('remove <name>'))
    .description('forget a secret')
    .action((name: string, options: SecretOptions) =>
      onServer(options, (server) => send(server, 'DELETE', name, options)),
    );
}

function withPlace(command: Command): Command {
  return command
    .option('--repository <namespace/name>', 'of this repository alone')
    .option('--endpoint <url>', 'server to ask')
    .option('--data <folder>', 'data folder of the server on this machine');
}

async function onServer(options: SecretOptions, act: (server: Server) => Promise<void>): Promise<void> {
  const server = await findServer(options);
  try {
    await act(server);
  } finally {
    await server.close();
  }
}

async function send(
  { client }: Server,
  method: 'PUT' | 'DELETE',
  name: string,
  options: SecretOptions,
  fields?: object,
): Promise<void> {
  const body = fields && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(fields) };
  const path = `/api/v1/secrets/${encodeURIComponent(name)}${queryOf(options)}`;
  await readReply(await client.fetch(path, { method, ...body }));
}

async function list({ client }: Server, options: SecretOptions): Promise<void> {
  const { Secrets } = await readReply(await client.fetch(`/api/v1/secrets${queryOf(options)}`));
  const rows = (Secrets as BuildSecret[]).map(
    ({ Name, Repository }) => `${Name}  ${Repository ?? 'all repositories'}\n`,
  );
  await new Output().write(rows.join(''));
}

function queryOf({ repository }: SecretOptions): string {
  return repository === undefined ? '' : `?repository=${encodeURIComponent(repository)}`;
}
