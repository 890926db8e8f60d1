import type { Command } from 'commander';
import { onServer, type ServerOptions, withServer } from '../server/on-server.ts';

/** `slipway mcp`: the builds and logs of a server as tools of the Model Context Protocol, on standard input and output. */
export function registerMcp(program: Command): void {
  withServer(
    program.command('mcp').description('serve builds and logs to a language model over the Model Context Protocol'),
  ).action(async (options: ServerOptions) => {
    // Loaded only here, so that every other command starts faster.
    const { serveMcp } = await import('../mcp/serve-mcp.ts');
    await onServer(options, async (server) => {
      // It may serve for days, and the server may have restarted since the last call.
      const client = async () => {
        await server.refresh();
        return server.client;
      };
      await serveMcp(client, program.version() ?? '');
    });
  });
}
