import type { Command } from 'commander';
import { CliError, EXIT_CODES } from '../cli-error.ts';
import { findServer } from '../find-server.ts';
import { followBuild } from '../follow-build.ts';
import { readReply } from '../native-reply.ts';
import { Output } from '../output.ts';
import { formatLine } from '../print-log.ts';

const BUILD_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** `slipway logs [-f] ID`: the log of a build, as far as it is or to its end. */
export function registerLogs(program: Command): void {
  program
    .command('logs')
    .description('show the log of a build')
    .argument('<id>', 'BuildRecordId')
    .option('-f, --follow', 'go on until the build has ended', false)
    .option('--endpoint <url>', 'server that has the build')
    .option('--data <folder>', 'data folder of the server on this machine')
    .action(async (id: string, options: { follow: boolean; endpoint?: string; data?: string }) => {
      if (!BUILD_ID.test(id)) throw new CliError(EXIT_CODES.usage, `${JSON.stringify(id)} is not a BuildRecordId`);
      const server = await findServer(options);
      try {
        const { InstanceId, RepoId } = await readReply(await server.client.fetch(`/api/v1/builds/${id}`));
        const key = { InstanceId: String(InstanceId), RepoId: String(RepoId), BuildRecordId: id };
        const output = new Output();
        await followBuild(server.client, key, { offset: 0, follow: options.follow }, async (lines) => {
          await output.write(lines.map((line) => `${formatLine(line, output.terminal)}\n`).join(''));
          if (output.gone) process.exit(0);
        });
      } finally {
        await server.close();
      }
    });
}
