import { callNative } from '@slipway/client/call-native.ts';
import type { Cache } from '@slipway/client/native.gen.ts';
import type { Command } from 'commander';
import { CliError, EXIT_CODES } from '../cli-error.ts';
import type { Server } from '../find-server.ts';
import { onServer, type ServerOptions, withServer } from '../on-server.ts';
import { Output } from '../output.ts';
import { say } from '../say.ts';

/** `slipway cache`: the layers that repositories keep for their next build. */
export function registerCache(program: Command): void {
  const cache = program
    .command('cache')
    .description('layer caches, which builds keep for the next build of their repository');
  withServer(cache.command('list [namespace/name]'))
    .description('list the layer caches of one repository, or of all')
    .action((repository: string | undefined, options: ServerOptions) =>
      onServer(options, async (server) => new Output().write((await list(server, repository)).map(row).join(''))),
    );
  withServer(cache.command('prune [namespace/name]'))
    .description('remove the layer caches of one repository, or of all with --all; without --yes, only show them')
    .option('--all', 'remove the caches of all repositories', false)
    .option('--yes', 'really remove the caches', false)
    .action((repository: string | undefined, options: ServerOptions & { all: boolean; yes: boolean }) => {
      if ((repository === undefined) !== options.all)
        throw new CliError(EXIT_CODES.usage, 'name a repository, or give --all');
      return onServer(options, (server) => prune(server, repository, options.yes));
    });
}

async function list({ client }: Server, repository: string | undefined): Promise<readonly Cache[]> {
  return (await callNative(client, 'listCaches', { repository })).Caches;
}

async function prune(server: Server, repository: string | undefined, isMeant: boolean): Promise<void> {
  const output = new Output();
  if (!isMeant) {
    await output.write((await list(server, repository)).map((cache) => `would remove ${row(cache)}`).join(''));
    return say('nothing was removed; add --yes to remove these caches');
  }
  const { Removed, Kept } = await callNative(server.client, 'removeCaches', { repository });
  await output.write(Removed.map((cache) => `removed ${row(cache)}`).join(''));
  for (const cache of Kept) say(`${nameOf(cache)} is in use by a build, so its cache was not removed`);
}

function row(cache: Cache): string {
  const mebibytes = Math.ceil(cache.SizeBytes / 2 ** 20);
  const used = new Date(cache.UsedTime).toISOString().slice(0, 16).replace('T', ' ');
  return `${nameOf(cache)}  ${mebibytes} MiB  used ${used} UTC${cache.InUse ? ', in use' : ''}\n`;
}

function nameOf({ Repository }: Cache): string {
  return Repository ?? '(a repository that was deleted)';
}
