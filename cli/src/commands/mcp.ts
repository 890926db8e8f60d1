import type { Command } from 'commander';
import { findServer } from '../find-server.ts';

/** `slipway mcp`: the builds and logs of a server as tools of the Model Context Protocol, on standard input and output. */
export function registerMcp(program: Command): void {
  program
    .command('mcp')
    .description('serve builds and logs to a model, over the Model Context Protocol')
    .option('--endpoint <url>', 'server to read from')
    .option('--data <folder>', 'data folder of the server on this machine')
    .action(async (options: { endpoint?: string; data?: string }) => {
      // Loaded only here: every other command starts faster without it.
      const { serveMcp } = await import('../mcp/serve-mcp.ts');
      const server = await findServer(options);
      try {
        // It may serve for days: the server can have been started again since the last call.
        const client = async () => {
          await server.refresh();
          return server.client;
        };
        await serveMcp(client, program.version() ?? '');
      } finally {
        await server.close();
      }
    });
}
