import type { Command } from 'commander';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import { SERVER_IS_ELSEWHERE } from '../server/embedded-server.ts';

/**
 * `slipway serve`, `test` and `builder` are commands of the launcher; a user who starts the command line without it is
 * told so.
 */
export function registerServe(program: Command): void {
  for (const [name, description] of [
    ['serve', 'run the server (Linux; `slipway serve --help` shows its settings)'],
    ['test', 'run the tests of this repository (Linux)'],
    ['builder', 'show, update, export or import what runs Dockerfiles (Linux)'],
  ] as const)
    program
      .command(name)
      .description(description)
      .helpOption(false)
      .allowUnknownOption()
      .allowExcessArguments()
      .action(() => {
        const message =
          process.platform === 'linux' ? `start it with the launcher: ./slipway ${name}` : SERVER_IS_ELSEWHERE;
        throw new CliError(EXIT_CODES.usage, message);
      });
}
