import { isNative } from '#platform/platform.ts';
import type { TakenFolder } from '../box/work-space.ts';
import { chooseEmulation } from '../builder/emulators.ts';
import { ensureEmulators } from '../builder/make-emulators.ts';
import { makeFolder } from '../folder/make-folder.ts';
import { type BuildRequest, RefusedRequest } from '../protocol/request.ts';

/** How a build reports this work, and how it is ended. */
interface Asker {
  say(line: string): void;
  signal: AbortSignal;
}

/**
 * Makes Slipway's emulators available to a build that needs them, for its box to see at /in/emulators; `folder` is the
 * box's /in. Throws RefusedRequest (`no-emulator`) if steps of its platforms cannot run on this machine.
 */
export async function readyEmulators(folder: string, build: BuildRequest, asker: Asker): Promise<TakenFolder[]> {
  const foreign = (build.stepPlatforms ?? []).filter((platform) => !isNative(platform));
  if (foreign.length === 0) return [];
  const emulation = chooseEmulation(foreign);
  if ('refusal' in emulation) throw new RefusedRequest('no-emulator', emulation.refusal);
  if (emulation.by === 'host') return [];
  const emulators = await openEmulators(foreign, asker);
  if (emulators === undefined) return [];
  makeFolder(`${folder}/emulators`, 0o755);
  return [{ name: 'emulators', path: emulators }];
}

/** Undefined if the build is ended meanwhile. */
async function openEmulators(foreign: readonly string[], { say, signal }: Asker): Promise<string | undefined> {
  if (signal.aborted) return undefined;
  const ended = new Promise<undefined>((done) => signal.addEventListener('abort', () => done(undefined)));
  try {
    return await Promise.race([ensureEmulators((line) => say(`emulators: ${line}`)), ended]);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const fix = 'slipway builder update --emulators, or slipway builder import of a file from a machine that has them';
    throw new RefusedRequest(
      'no-emulator',
      `steps for ${foreign.join(', ')} need an emulator, which could not be fetched: ${why} (${fix})`,
    );
  }
}
