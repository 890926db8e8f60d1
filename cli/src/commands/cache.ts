import type { Command } from 'commander';
import { CliError, EXIT_CODES } from '../cli-error.ts';
import { findServer, type Server } from '../find-server.ts';
import { readReply } from '../native-reply.ts';
import { Output } from '../output.ts';
import { say } from '../say.ts';

interface CacheOptions {
  endpoint?: string;
  data?: string;
}

interface Cache {
  Repository?: string;
  SizeBytes: number;
  UsedTime: number;
  InUse: boolean;
}

/** `slipway cache`: the layers that repositories keep for their next build. */
export function registerCache(program: Command): void {
  const cache = program
    .command('cache')
    .description('layer caches: what builds keep for the next build of their repository');
  withServer(cache.command('list [namespace/name]'))
    .description('list the layer caches of a repository, or of all')
    .action((repository: string | undefined, options: CacheOptions) =>
      onServer(options, async (server) => new Output().write((await list(server, repository)).map(row).join(''))),
    );
  withServer(cache.command('prune [namespace/name]'))
    .description('remove the layer caches of a repository, or with --all of all; without --yes only show which')
    .option('--all', 'those of all repositories', false)
    .option('--yes', 'remove them', false)
    .action((repository: string | undefined, options: CacheOptions & { all: boolean; yes: boolean }) => {
      if ((repository === undefined) !== options.all)
        throw new CliError(EXIT_CODES.usage, 'name a repository, or give --all');
      return onServer(options, (server) => prune(server, repository, options.yes));
    });
}

function withServer(command: Command): Command {
  return command
    .option('--endpoint <url>', 'server to ask')
    .option('--data <folder>', 'data folder of the server on this machine');
}

async function onServer(options: CacheOptions, act: (server: Server) => Promise<unknown>): Promise<void> {
  const server = await findServer(options);
  try {
    await act(server);
  } finally {
    await server.close();
  }
}

async function list({ client }: Server, repository: string | undefined): Promise<Cache[]> {
  const { Caches } = await readReply(await client.fetch(`/api/v1/caches${queryOf(repository)}`));
  return Caches as Cache[];
}

async function prune(server: Server, repository: string | undefined, isMeant: boolean): Promise<void> {
  const output = new Output();
  if (!isMeant) {
    await output.write((await list(server, repository)).map((cache) => `would remove ${row(cache)}`).join(''));
    return say('nothing was removed; add --yes to remove these');
  }
  const reply = await readReply(
    await server.client.fetch(`/api/v1/caches${queryOf(repository)}`, { method: 'DELETE' }),
  );
  const { Removed, Kept } = reply as unknown as { Removed: Cache[]; Kept: Cache[] };
  await output.write(Removed.map((cache) => `removed ${row(cache)}`).join(''));
  for (const cache of Kept) say(`a build uses the cache of ${nameOf(cache)}, so it stays`);
}

function row(cache: Cache): string {
  const mebibytes = Math.ceil(cache.SizeBytes / 2 ** 20);
  const used = new Date(cache.UsedTime).toISOString().slice(0, 16).replace('T', ' ');
  return `${nameOf(cache)}  ${mebibytes} MiB  used ${used} UTC${cache.InUse ? ', in use' : ''}\n`;
}

function nameOf({ Repository }: Cache): string {
  return Repository ?? '(a repository that was deleted)';
}

function queryOf(repository: string | undefined): string {
  return repository === undefined ? '' : `?repository=${encodeURIComponent(repository)}`;
}
