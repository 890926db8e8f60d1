import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { basePath, dropOldBases, holdBase, noteBaseSize } from './base-limit.ts';
import { startBox } from './box.ts';
import { withBoxFolder } from './box-folder.ts';
import { watchFreeSpace } from './free-space.ts';
import type { HelperState } from './helper-state.ts';
import { removeTree } from './owner-folder.ts';
import { type LoadRequest, RefusedRequest } from './request.ts';
import { mappedIds } from './runc-config.ts';
import { type TakenFolder, takeFolder } from './work-space.ts';

const run = promisify(execFile);

const loadLimits = { memoryBytes: 2 * 2 ** 30, cpus: 4, pids: 512, diskBytes: 0, timeoutMs: 30 * 60_000 };

/**
 * Unpacks DATA/work/BUILDID/bases/HEX, which it takes away, into the base's store. Foreign layers are unpacked in a box
 * without network. Loading what is there already does nothing. Throws RefusedRequest (`load-failed`) with the
 * builder's words when the image cannot be unpacked. Where bases take more of the disk than they may, old ones go.
 */
export async function loadBase(state: HelperState, load: LoadRequest, signal: AbortSignal): Promise<void> {
  const target = basePath(load);
  const hex = load.digest.slice('sha256:'.length);
  holdBase(state, load.buildId, load);
  if (existsSync(target)) return;
  const id = randomUUID();
  await withBoxFolder(state, id, async (folder) => {
    mkdirSync(`${folder}/disk`);
    const from = { buildId: load.buildId, space: 'bases', name: hex } as const;
    const boxOwner = { uid: mappedIds.first, gid: mappedIds.first };
    const image = await takeFolder(state, from, `${folder}/in/base`, boxOwner);
    await unpack(state, load, id, image.inputs, signal);
    // The next base of this build needs its place.
    await removeTree(image.path);
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
    // Its name says that it is whole, so its files must be on the disk before it has one.
    await run('sync', ['-f', `${folder}/disk`]);
    await noteBaseSize(`${folder}/disk/store`, target);
    if (!existsSync(target)) renameSync(`${folder}/disk/store`, target);
  });
  await dropOldBases(state);
}

async function unpack(
  state: HelperState,
  load: LoadRequest,
  id: string,
  inputs: readonly TakenFolder[],
  signal: AbortSignal,
): Promise<void> {
  const box = startBox(state.roots, state.cgroupPrefix, {
    id,
    rootfs: state.rootfs,
    args: ['/usr/lib/slipway/inside-load', load.name, ...(load.moreNames ?? [])],
    disk: { kind: 'folder', path: `run/${id}/disk` },
    bases: [],
    inputs,
    network: 'none',
    rules: '',
    limits: loadLimits,
  });
  const kill = (): void => box.kill();
  signal.addEventListener('abort', kill);
  if (signal.aborted) kill();
  const timer = setTimeout(kill, loadLimits.timeoutMs);
  let isDiskLow = false;
  const endWatch = watchFreeSpace(() => {
    isDiskLow = true;
    kill();
  });
  let words = '';
  box.output.on('data', (chunk: Buffer) => {
    words = (words + chunk.toString('utf8')).slice(-2000);
  });
  try {
    const end = await box.end;
    if (end.events.includes('built 0')) return;
    const failure = end.events.find((event) => event.startsWith('failed ')) ?? `status ${end.exitCode ?? end.signal}`;
    const said = `${failure} ${words.trim()} ${end.complaints}`;
    const why = signal.aborted ? 'cancelled' : isDiskLow ? 'the disk of the data folder is nearly full' : said;
    throw new RefusedRequest('load-failed', `the base image ${load.name} could not be unpacked: ${why}`);
  } finally {
    clearTimeout(timer);
    endWatch();
    signal.removeEventListener('abort', kill);
  }
}
