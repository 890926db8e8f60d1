import type { Command } from 'commander';
import { findServer, type Server } from './find-server.ts';

/** Where a command finds its server: the options that `withServer` adds, and what the command needs of a server. */
export interface ServerOptions {
  endpoint?: string;
  data?: string;
  context?: string;
  lasting?: boolean;
}

/** Adds the options of every command that talks to a server. */
export function withServer(command: Command): Command {
  return command
    .option('--endpoint <url>', 'server to use, such as http://HOST:PORT')
    .option('--data <folder>', 'data folder of the server on this machine')
    .option('--context <name>', 'server that slipway context add stored under this name');
}

/**
 * Calls `act` with the server that the options name, and always releases it. Throws `CliError`, and what `act` throws.
 */
export async function onServer<Result>(
  options: ServerOptions,
  act: (server: Server) => Promise<Result>,
): Promise<Result> {
  const server = await findServer(options);
  try {
    return await act(server);
  } finally {
    await server.close();
  }
}
