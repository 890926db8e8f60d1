import type { Command } from 'commander';
import { EXIT_CODES } from '../cli-error.ts';
import { findServer } from '../find-server.ts';
import { Output } from '../output.ts';

/** `slipway doctor`: what this machine lacks for building, and the mend. */
export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description('try the sandbox out, and say what the machine lacks')
    .option('--endpoint <url>', 'server to ask')
    .option('--data <folder>', 'data folder of the server on this machine')
    .action(async (options: { endpoint?: string; data?: string }) => {
      const server = await findServer(options);
      try {
        const { Problems } = (await (await fetch(`${server.endpoint}/readyz`)).json()) as { Problems: string[] };
        const lines = Problems.length === 0 ? ['this machine can build'] : Problems;
        await new Output().write(lines.map((line) => `${line}\n`).join(''));
        process.exitCode = Problems.length === 0 ? 0 : EXIT_CODES.machine;
      } finally {
        await server.close();
      }
    });
}
