import { type Command, Option } from 'commander';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import { JSON_FLAG, show } from '../frame/server-command.ts';
import { readEnvironment } from '../input/environment.ts';
import { utcTime } from '../output/utc-time.ts';
import { OWN_HELPER, storeDockerLogin, useOwnHelper } from '../server/docker-login.ts';
import type { Server } from '../server/find-server.ts';
import { onServer, type ServerOptions, withServer } from '../server/on-server.ts';
import { getRegistryLogin } from '../server/registry-login.ts';

interface LoginOptions extends ServerOptions {
  hours: string;
  printPassword: boolean;
  helper: boolean;
  json: boolean;
}

/** `slipway login`: docker's login to this server's own registry, with the caller's rights. */
export function registerLogin(program: Command): void {
  withServer(
    program
      .command('login')
      .description("log docker, podman, skopeo, crane, oras and helm in to the server's registry, with your rights")
      .addOption(
        new Option('--hours <count>', 'how many hours the login is valid: 1 to 24').default('1').conflicts('helper'),
      )
      .addOption(
        new Option('--print-password', 'print only the password, for docker login --password-stdin')
          .default(false)
          .conflicts('helper'),
      )
      .option('--helper', 'have docker ask docker-credential-slipway, which renews the login automatically', false)
      .option(...JSON_FLAG, false),
  ).action(async (options: LoginOptions) => {
    const hours = parseHours(options.hours);
    // A login to a server that ends with the command would be useless.
    await onServer({ ...options, lasting: true }, (server) => logIn(server, hours, options));
  });
}

async function logIn(server: Server, hours: number, { printPassword, helper, json }: LoginOptions): Promise<void> {
  const { dockerConfigFile } = readEnvironment();
  if (helper) {
    useOwnHelper(dockerConfigFile, server.imageHost);
    const line = `docker asks docker-credential-${OWN_HELPER} for ${server.imageHost}, as ${dockerConfigFile} says`;
    return show({ data: { Host: server.imageHost, Helper: OWN_HELPER, File: dockerConfigFile }, lines: [line] }, json);
  }
  const login = await getRegistryLogin(server, hours);
  const until = utcTime(login.endMs);
  if (printPassword) {
    const note = `valid until ${until} for: docker login --username ${login.user} --password-stdin ${login.host}`;
    const data = { Host: login.host, UserName: login.user, Password: login.password, ExpireTime: login.endMs };
    return show({ data, lines: [login.password], notes: [note] }, json);
  }
  const place = storeDockerLogin(dockerConfigFile, login);
  const data = { Host: login.host, UserName: login.user, ExpireTime: login.endMs, StoredIn: place };
  await show({ data, lines: [`logged in to ${login.host} until ${until}; stored in ${place}`] }, json);
}

function parseHours(text: string): number {
  if (/^([1-9]|1\d|2[0-4])$/.test(text)) return Number(text);
  throw new CliError(EXIT_CODES.usage, `--hours ${JSON.stringify(text)} is not a whole number from 1 to 24`);
}
