import type { Command } from 'commander';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import { readGivenLine } from '../input/given-file.ts';
import { Output } from '../output/output.ts';
import { onServer } from '../server/on-server.ts';
import { getRegistryLogin } from '../server/registry-login.ts';

/**
 * With this message docker knows that a helper has nothing for a host (docker/docker-credential-helpers,
 * credentials/error.go).
 */
const NOT_FOUND = 'credentials not found in native keychain';

/**
 * `slipway docker-credential get`: what `docker-credential-slipway` runs. Docker names the host on standard input and
 * reads the login from standard output; if there is none, the reason is on standard error.
 */
export function registerDockerCredential(program: Command): void {
  const helper = program
    .command('docker-credential', { hidden: true })
    .description('answer docker as a credential helper');
  helper
    .command('get')
    .description('print the login for the host named on standard input')
    .action(async () => {
      const host = readGivenLine('-', 'host')
        .replace(/^https?:\/\//, '')
        .replace(/\/$/, '');
      await onServer({ lasting: true }, async (server) => {
        const output = new Output();
        if (server.imageHost !== host) {
          await output.write(`${NOT_FOUND}\n`);
          throw new CliError(EXIT_CODES.notFound, `the server's images are at ${server.imageHost}, not at ${host}`);
        }
        const { user: Username, password: Secret } = await getRegistryLogin(server, 1);
        await output.write(`${JSON.stringify({ ServerURL: host, Username, Secret })}\n`);
      });
    });
  helper
    .command('list')
    .description('the host that this server has logins for')
    .action(() =>
      onServer({ lasting: true }, ({ imageHost }) =>
        new Output().write(`${JSON.stringify({ [imageHost]: 'cr_temp_user' })}\n`),
      ),
    );
  for (const [name, description] of [
    ['store', 'refused: the server issues the logins'],
    ['erase', 'does nothing: no login is stored'],
  ] as const)
    helper
      .command(name)
      .description(description)
      .action(async () => {
        if (name === 'erase') return;
        await new Output().write('docker-credential-slipway stores no logins: it asks the server for one each time\n');
        throw new CliError(EXIT_CODES.usage, 'this host needs no docker login');
      });
}
