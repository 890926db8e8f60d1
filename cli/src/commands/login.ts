import { type Command, Option } from 'commander';
import { CliError, EXIT_CODES } from '../cli-error.ts';
import { OWN_HELPER, storeDockerLogin, useOwnHelper } from '../docker-login.ts';
import { readEnvironment } from '../environment.ts';
import type { Server } from '../find-server.ts';
import { onServer, type ServerOptions, withServer } from '../on-server.ts';
import { Output } from '../output.ts';
import { getRegistryLogin } from '../registry-login.ts';
import { say } from '../say.ts';
import { utcTime } from '../utc-time.ts';

interface LoginOptions extends ServerOptions {
  hours: string;
  printPassword: boolean;
  helper: boolean;
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
      .option('--helper', 'have docker ask docker-credential-slipway, which renews the login by itself', false),
  ).action(async (options: LoginOptions) => {
    const hours = parseHours(options.hours);
    // A login to a server that ends with the command would be useless.
    await onServer({ ...options, lasting: true }, (server) => logIn(server, hours, options));
  });
}

async function logIn(server: Server, hours: number, { printPassword, helper }: LoginOptions): Promise<void> {
  const { dockerConfigFile } = readEnvironment();
  const output = new Output();
  if (helper) {
    useOwnHelper(dockerConfigFile, server.imageHost);
    await output.write(
      `docker asks docker-credential-${OWN_HELPER} for ${server.imageHost}, as ${dockerConfigFile} says\n`,
    );
    return;
  }
  const login = await getRegistryLogin(server, hours);
  const until = utcTime(login.endMs);
  if (printPassword) {
    await output.write(`${login.password}\n`);
    say(`valid until ${until} for: docker login --username ${login.user} --password-stdin ${login.host}`);
    return;
  }
  const place = storeDockerLogin(dockerConfigFile, login);
  await output.write(`logged in to ${login.host} until ${until}; stored in ${place}\n`);
}

function parseHours(text: string): number {
  if (/^([1-9]|1\d|2[0-4])$/.test(text)) return Number(text);
  throw new CliError(EXIT_CODES.usage, `--hours ${JSON.stringify(text)} is not a whole number from 1 to 24`);
}
