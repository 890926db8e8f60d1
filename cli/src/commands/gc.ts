import { callNative } from '@slipway/client/call-native.ts';
import { counted } from '@slipway/client/counted.ts';
import type { NativeCalls } from '@slipway/client/native.gen.ts';
import type { Command } from 'commander';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import { serverCommand } from '../frame/server-command.ts';
import { parseCount } from '../input/log-filter.ts';
import { askUntil } from '../server/ask-until.ts';

const KEEP = [
  [
    '--keep-hours <count>',
    'keep images without a tag that were used within this number of hours (default: untagged-keep-days)',
  ],
] as const;

/** `slipway gc` and `slipway check`: frees the space of unused images, and checks that all images are complete. */
export function registerGc(program: Command): void {
  const removal = 'remove images and layers that nothing uses, which the server does once a day anyway';
  serverCommand(program, 'gc', removal, KEEP, async ({ client }, _, { keepHours: given }) => {
    const keepHours = hoursOf(given);
    const state = await askUntil(
      () => callNative(client, 'getGarbageCollection', {}),
      ({ RunningSince }) => RunningSince === undefined,
      await callNative(client, 'collectGarbage', { keepHours }),
    );
    if (state.Last === undefined)
      throw new CliError(EXIT_CODES.refused, 'the server was restarted meanwhile; try again');
    const { Manifests, Layers, FreedBytes, PausedMs, Failure } = state.Last;
    const freed = `${counted(Manifests, 'image')} and ${counted(Layers, 'layer')} removed, ${(FreedBytes / 2 ** 20).toFixed(1)} MiB freed`;
    return {
      data: state.Last,
      lines: [`${freed}; pushes were stopped for ${(PausedMs / 1000).toFixed(2)} s`],
      ...(Failure === undefined ? {} : { failure: new CliError(EXIT_CODES.refused, Failure) }),
    };
  }).hook('preAction', (_, command) => void hoursOf(command.opts().keepHours));
  const check = "compare the server's list of images with its storage; exit code 1 if they differ";
  serverCommand(program, 'check', check, [], async ({ client }) => {
    const found = await callNative(client, 'checkImages', {});
    if (found.Differences.length > 0) process.exitCode = EXIT_CODES.notFound;
    const summary = `checked ${counted(found.Manifests, 'image')}; found ${counted(found.Differences.length, 'difference')}`;
    const notes = [...(found.More ? ['there are more differences than these'] : []), summary];
    return { data: found, lines: found.Differences.map(row), notes };
  });
}

function hoursOf(given: unknown): number | undefined {
  return given === undefined ? undefined : parseCount('--keep-hours', String(given), 0);
}

type Difference = NativeCalls['checkImages']['reply']['Differences'][number];

function row({ Repository, Digest, Kind, Tags, Layers: [layer = '', ...others] }: Difference): string {
  const layers = others.length === 0 ? layer : `${layer} and ${others.length} more`;
  const what = {
    missing: 'has no bytes: push it again, or restore the registry’s storage',
    incomplete: `lacks ${layers}: push it again, or restore the registry’s storage`,
    damaged: `has damaged layers, ${layers}: restore them, or remove them from the registry’s storage and push the image again`,
    unknown: 'is not in the table of images',
  }[Kind];
  const tags = Tags.length === 0 ? '' : ` (tags ${Tags.join(', ')})`;
  return `${Repository}@${Digest}${tags} ${what}`;
}
