import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import {
  type BaseFacts,
  basePath,
  dropOldBases,
  findBaseFacts,
  heldBytes,
  holdBase,
  writeBaseFacts,
} from './base-limit.ts';
import { type BoxEnd, startBox } from './box.ts';
import { withBoxFolder } from './box-folder.ts';
import { watchFreeSpace } from './free-space.ts';
import type { HelperState } from './helper-state.ts';
import { removeTree } from './owner-folder.ts';
import { type LoadRequest, RefusedRequest } from './request.ts';
import { prepareStoreImage } from './store-image.ts';
import { type TakenFolder, takeFolder } from './work-space.ts';

const run = promisify(execFile);

const mebibyte = 2 ** 20;
const leastDiskBytes = 32 * mebibyte;
const noSpace = /no space left on device/i;
const mostOnBuildBytes = 64 * 1024;

/**
 * Unpacks DATA/work/BUILDID/bases/HEX, which it takes away, into the base's store, and gives the facts. Foreign layers are
 * unpacked in a box without network, under the limits of the build that asks: all bases of a build share its disk limit. Loading
 * what is there already does nothing. Throws RefusedRequest (see FailureCode) with the builder's words when the image cannot
 * be unpacked. Where bases take more of the disk than they may, old ones go.
 */
export async function loadBase(state: HelperState, load: LoadRequest, signal: AbortSignal): Promise<BaseFacts> {
  const target = basePath(load);
  const hex = load.digest.slice('sha256:'.length);
  holdBase(state, load.buildId, load);
  const id = randomUUID();
  if (!existsSync(target)) {
    await withBoxFolder(state, id, async (folder, firstId) => {
      const made = `${folder}/base`;
      mkdirSync(made);
      const from = { buildId: load.buildId, space: 'bases', name: hex } as const;
      const image = await takeFolder(state, from, `${folder}/in/base`, { uid: firstId, gid: firstId });
      await unpack(state, load, { id, firstId, disk: `${made}/store.img`, inputs: image.inputs }, signal);
      // The next base of this build needs its place.
      await removeTree(image.path);
      writeBaseFacts(made, readFacts(folder, load));
      mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
      // Its name says that it is whole, so its files must be on the disk before it has one.
      await run('sync', ['-f', made]);
      if (!existsSync(target)) renameSync(made, target);
    });
    await dropOldBases(state);
  }
  const facts = findBaseFacts(target);
  if (facts === undefined) throw new Error(`the base ${target} was removed while it was loaded`);
  return facts;
}

type LoaderBox = { id: string; firstId: number; disk: string; inputs: readonly TakenFolder[] };

async function unpack(state: HelperState, load: LoadRequest, loader: LoaderBox, signal: AbortSignal): Promise<void> {
  const roomBytes = load.limits.diskBytes - heldBytes(state, load.buildId, basePath(load));
  if (roomBytes < leastDiskBytes) throw tooLarge(load);
  const diskBytes = roomBytes - (roomBytes % mebibyte);
  await prepareStoreImage(loader.disk, diskBytes, { isKept: false });
  const box = startBox(state.roots, state.cgroupPrefix, {
    ...loader,
    rootfs: state.rootfs,
    args: ['/usr/lib/slipway/inside-load', load.name, ...(load.moreNames ?? [])],
    result: 'base',
    bases: [],
    network: 'none',
    rules: '',
    limits: load.limits,
  });
  const kill = (): void => box.kill();
  signal.addEventListener('abort', kill);
  if (signal.aborted) kill();
  let stopped: RefusedRequest | undefined;
  const stop = (code: FailureCode, why: string): void => {
    stopped ??= failed(load, why, code);
    kill();
  };
  const { timeoutMs } = load.limits;
  const timer = setTimeout(
    () => stop('limit', `it took longer than ${timeoutMs / 1000} s (setting build-timeout-seconds)`),
    timeoutMs,
  );
  const endWatch = watchFreeSpace(loader.disk, () => stop('disk-low', 'the disk of the data folder is nearly full'));
  let words = '';
  box.output.on('data', (chunk: Buffer) => {
    words = (words + chunk.toString('utf8')).slice(-2000);
  });
  try {
    const end = await box.end;
    if (end.events.includes('copied')) return;
    if (signal.aborted) throw failed(load, 'cancelled');
    if (stopped === undefined && noSpace.test(words)) throw tooLarge(load);
    throw stopped ?? reasonOf(end, words, load);
  } finally {
    clearTimeout(timer);
    // The watch ends when the space is free again: else it would end the next box too.
    if (stopped !== undefined) rmSync(loader.disk, { force: true });
    endWatch();
    signal.removeEventListener('abort', kill);
  }
}

/** What is to blame: the image itself, a limit of the server, or its disk. */
type FailureCode = 'load-failed' | 'limit' | 'disk-low';

function reasonOf(end: BoxEnd, words: string, load: LoadRequest): RefusedRequest {
  const { memoryBytes, pids } = load.limits;
  const memory = `the memory of the build, ${mebibytes(memoryBytes)}, does not suffice (setting build-memory-mebibytes)`;
  if (end.counters.oomKills > 0) return failed(load, memory, 'limit');
  if (end.counters.pidsMaxEvents > 0)
    return failed(load, `it takes more processes than ${pids} (setting build-processes)`, 'limit');
  const failure = end.events.find((event) => event.startsWith('failed ')) ?? `status ${end.exitCode ?? end.signal}`;
  return failed(load, `${failure} ${words.trim()} ${end.complaints}`);
}

/** Read by the builder and counted by boxinit.sh; each instruction stands in a line of its own, in hexadecimal. */
function readFacts(folder: string, load: LoadRequest): Omit<BaseFacts, 'sizeBytes'> {
  const onBuild = readFileSync(`${folder}/onbuild`, 'latin1');
  if (onBuild.length > 2 * mostOnBuildBytes) throw failed(load, `its ONBUILD is longer than ${mostOnBuildBytes} bytes`);
  const lines = onBuild.split('\n').filter((line) => line !== '');
  return {
    layerCount: Number(readFileSync(`${folder}/layers`, 'utf8')),
    onBuild: lines.map((line) => Buffer.from(line, 'hex').toString('utf8')),
  };
}

function tooLarge(load: LoadRequest): RefusedRequest {
  const limit = `${mebibytes(load.limits.diskBytes)} or too many files for them`;
  return new RefusedRequest(
    'limit',
    `the base image ${load.name} does not fit: the base images of this build take more than ${limit} (setting build-disk-mebibytes)`,
  );
}

function failed({ name }: LoadRequest, why: string, code: FailureCode = 'load-failed'): RefusedRequest {
  return new RefusedRequest(code, `the base image ${name} could not be unpacked: ${why}`);
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / mebibyte)} MiB`;
}
