import { callNative } from '@slipway/client/call-native.ts';
import type { Cache } from '@slipway/client/native.gen.ts';
import type { Command } from 'commander';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import { serverCommand } from '../frame/server-command.ts';

const PRUNE = [
  ['--all', 'remove the caches of all repositories'],
  ['--yes', 'really remove the caches'],
] as const;

/** `slipway cache`: the layers that repositories keep for their next build. */
export function registerCache(program: Command): void {
  const group = program
    .command('cache')
    .description('layer caches, which builds keep for the next build of their repository');
  const what = 'list the layer caches of one repository, or of all';
  serverCommand(group, 'list [namespace/name]', what, [], async ({ client }, [repository]) => {
    const { Caches } = await callNative(client, 'listCaches', { repository });
    const notes = Caches.length === 0 ? ['no layer caches yet; each build leaves one'] : [];
    return { data: Caches, lines: Caches.map(row), notes };
  });
  const removal = 'remove the layer caches of one repository, or of all with --all; without --yes, only show them';
  serverCommand(group, 'prune [namespace/name]', removal, PRUNE, async ({ client }, [repository], options) => {
    if (options.yes !== true) {
      const { Caches } = await callNative(client, 'listCaches', { repository });
      const notes = ['nothing was removed; add --yes to remove these caches'];
      return {
        data: { Removed: [], WouldRemove: Caches, Kept: [] },
        lines: Caches.map((cache) => `would remove ${row(cache)}`),
        notes,
      };
    }
    const { Removed, Kept } = await callNative(client, 'removeCaches', { repository });
    return {
      data: { Removed, WouldRemove: [], Kept },
      lines: Removed.map((cache) => `removed ${row(cache)}`),
      notes: Kept.map((cache) => `${nameOf(cache)} is in use by a build, so its cache was not removed`),
    };
  }).hook('preAction', (_, command) => {
    if ((command.args[0] === undefined) !== (command.opts().all === true))
      throw new CliError(EXIT_CODES.usage, 'name a repository, or give --all');
  });
}

function row(cache: Cache): string {
  const mebibytes = Math.ceil(cache.SizeBytes / 2 ** 20);
  const used = new Date(cache.UsedTime).toISOString().slice(0, 16).replace('T', ' ');
  return `${nameOf(cache)}  ${mebibytes} MiB  used ${used} UTC${cache.InUse ? ', in use' : ''}`;
}

function nameOf({ Repository }: Cache): string {
  return Repository ?? '(a repository that was deleted)';
}
