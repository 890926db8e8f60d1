import { callNative } from '@slipway/client/call-native.ts';
import { counted } from '@slipway/client/counted.ts';
import type { NativeCalls } from '@slipway/client/native.gen.ts';
import type { Command } from 'commander';
import { askUntil } from '../ask-until.ts';
import { CliError, EXIT_CODES } from '../cli-error.ts';
import { parseCount } from '../log-filter.ts';
import { onServer, type ServerOptions, withServer } from '../on-server.ts';
import { Output } from '../output.ts';
import { say } from '../say.ts';

interface GcOptions extends ServerOptions {
  keepHours?: string;
}

/** `slipway gc` and `slipway check`: frees the space of unused images, and checks that all images are complete. */
export function registerGc(program: Command): void {
  withServer(program.command('gc'))
    .description('remove images and layers that nothing uses, which the server does by itself once a day')
    .option(
      '--keep-hours <count>',
      'keep images without a tag that were used within this number of hours (default: untagged-keep-days)',
    )
    .action((options: GcOptions) => collect(options));
  withServer(program.command('check'))
    .description("compare the server's list of images with its storage; exit code 1 if they differ")
    .action(async (options: ServerOptions) => {
      process.exitCode = await check(options);
    });
}

async function collect(options: GcOptions): Promise<void> {
  const { keepHours } = options;
  const hours = keepHours === undefined ? undefined : parseCount('--keep-hours', keepHours, 0);
  await onServer(options, async ({ client }) => {
    const state = await askUntil(
      () => callNative(client, 'getGarbageCollection', {}),
      ({ RunningSince }) => RunningSince === undefined,
      await callNative(client, 'collectGarbage', { keepHours: hours }),
    );
    if (state.Last === undefined)
      throw new CliError(EXIT_CODES.refused, 'the server was restarted meanwhile; try again');
    const { Manifests, Layers, FreedBytes, PausedMs, Failure } = state.Last;
    const freed = `${counted(Manifests, 'image')} and ${counted(Layers, 'layer')} removed, ${(FreedBytes / 2 ** 20).toFixed(1)} MiB freed`;
    await new Output().write(`${freed}; pushes were stopped for ${(PausedMs / 1000).toFixed(2)} s\n`);
    if (Failure !== undefined) throw new CliError(EXIT_CODES.refused, Failure);
  });
}

async function check(options: ServerOptions): Promise<number> {
  const found = await onServer(options, ({ client }) => callNative(client, 'checkImages', {}));
  const output = new Output();
  for (const each of found.Differences) await output.write(`${row(each)}\n`);
  if (found.More) say('there are more differences than these');
  say(`checked ${counted(found.Manifests, 'image')}; found ${counted(found.Differences.length, 'difference')}`);
  return found.Differences.length === 0 ? 0 : EXIT_CODES.notFound;
}

function row({ Repository, Digest, Kind, Tags }: NativeCalls['checkImages']['reply']['Differences'][number]): string {
  const what =
    Kind === 'missing'
      ? 'has no bytes: push it again, or restore the registry’s folder'
      : 'is not in the table of images';
  return `${Repository}@${Digest} ${what}${Tags.length === 0 ? '' : ` (tags ${Tags.join(', ')})`}`;
}
