import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { Readable } from 'node:stream';
import { BlobDiffers, type BlobStore } from '#blob/blob.ts';
import { MoveRefused } from './move-refused.ts';
import type { MoveTarget } from './move-target.ts';
import type { ObjectKind, SourceObject } from './source-objects.ts';

/** What files need to become objects. */
export interface ObjectMeans {
  root: string;
  blobs: BlobStore;
  target: MoveTarget;
  /** Whether what is damaged in the old folder is carried as it is. */
  withDamage: boolean;
  /** Called with what is damaged. */
  damaged: (what: string) => void;
  /** Called with the bytes of each object that the store has. */
  moved: (bytes: number) => void;
}

/** How far a kind is: everything up to this key is in the store, and was compared. */
interface ObjectState {
  lastKey: string;
  objects: number;
  bytes: number;
  isDone: boolean;
}

const AT_ONCE = 16;
/** An object is sent in parts, of which a few are in memory: no more bytes of it than these. */
const LARGEST_SHARE_BYTES = 32 * 2 ** 20;
const IN_MEMORY_BYTES = 20 * 2 ** 20;
const READ_BYTES = 2 ** 16;
/** How often it is noted how far the move is. */
const NOTE_MS = 2000;

/** Copies the files of a kind, in order, a few at once, and compares what the store has with each. */
export async function moveObjects(kind: ObjectKind, means: ObjectMeans): Promise<{ objects: number; bytes: number }> {
  const { target } = means;
  const part = `objects ${kind.prefix}`;
  const begun = await target.progress<ObjectState>(part);
  if (begun?.isDone === true) return begun;
  let state: ObjectState = begun ?? { lastKey: '', objects: 0, bytes: 0, isDone: false };
  let isBefore = state.lastKey !== '';
  let notedMs = performance.now();
  const running: { object: SourceObject; share: number; end: Promise<void>; hasEnded: boolean }[] = [];
  let share = 0;
  /** Takes the oldest ones that have ended, so that the state never skips one. */
  const settle = async (isEnd: boolean) => {
    while (running.length > 0 && (isEnd || running[0]?.hasEnded === true)) {
      const first = running[0];
      await first?.end;
      if (first === undefined) return;
      running.shift();
      state = {
        ...state,
        lastKey: first.object.key,
        objects: state.objects + 1,
        bytes: state.bytes + first.object.sizeBytes,
      };
      if (performance.now() - notedMs > NOTE_MS) {
        notedMs = performance.now();
        await target.note(part, state);
      }
    }
  };
  try {
    for (const object of kind.list(means.root)) {
      if (isBefore) {
        isBefore = object.key !== state.lastKey;
        continue;
      }
      const own = Math.min(object.sizeBytes, LARGEST_SHARE_BYTES);
      while (running.length > 0 && (running.length >= AT_ONCE || share + own > IN_MEMORY_BYTES)) {
        await running[0]?.end;
        await settle(false);
      }
      share += own;
      const task = { object, share: own, hasEnded: false, end: Promise.resolve() };
      task.end = moveObject(object, means).then(() => {
        task.hasEnded = true;
        share -= own;
        means.moved(object.sizeBytes);
      });
      // It is looked at in its turn.
      task.end.catch(() => undefined);
      running.push(task);
    }
    await settle(true);
  } finally {
    await Promise.allSettled(running.map(({ end }) => end));
    // What was done stays done, also if another object failed.
    await target.note(part, state).catch(() => undefined);
  }
  await target.note(part, { ...state, isDone: true });
  return state;
}

/**
 * Compares which objects the store has with the files of a kind, removes those that no file is for, which an earlier run has left, and
 * throws `MoveRefused` if one is missing.
 */
export async function compareObjects(kind: ObjectKind, means: ObjectMeans): Promise<void> {
  let expected = 0;
  for (const _ of kind.list(means.root)) expected += 1;
  let found = 0;
  for await (const { key } of means.blobs.list(kind.prefix)) {
    if (statSync(kind.fileOf(means.root, key), { throwIfNoEntry: false })?.isFile() === true) found += 1;
    else await means.blobs.remove(key);
  }
  if (found === expected) return;
  throw new MoveRefused(
    4,
    `the bucket has ${found} objects below ${kind.prefix}/, and the old folder has ${expected} files for it: something else removed or wrote objects; run the same command with --restart`,
  );
}

async function moveObject(object: SourceObject, means: ObjectMeans): Promise<void> {
  const { blobs, target } = means;
  if (target.isContinued && (await hasSame(object, means))) return;
  const sha256 = await put(object, means);
  if ((await digestOf(await blobs.get(object.key))) === sha256) return;
  throw new MoveRefused(4, `the store has other bytes of ${object.key} than it was sent; do not use this store`);
}

/** An earlier run may have stored it. */
async function hasSame(object: SourceObject, { blobs }: ObjectMeans): Promise<boolean> {
  const stored = await blobs.head(object.key);
  if (stored?.sizeBytes !== object.sizeBytes) return false;
  const stores = await digestOf(await blobs.get(object.key));
  return stores === (await digestOf(open(object))) && (object.sha256 ?? stores) === stores;
}

async function put(object: SourceObject, { blobs, withDamage, damaged }: ObjectMeans): Promise<string> {
  const { key, file, sizeBytes, sha256 } = object;
  try {
    const put = await blobs.put(key, open(object), { limitBytes: sizeBytes, sha256 });
    return put.sha256;
  } catch (error) {
    if (!(error instanceof BlobDiffers)) throw error;
    damaged(`${file}: ${error.message}`);
    if (!withDamage)
      throw new MoveRefused(
        4,
        `${file} is damaged: ${error.message}; push the image again to the old server, or give --with-damage to carry what is damaged as it is`,
        { cause: error },
      );
    return (await blobs.put(key, open(object), { limitBytes: sizeBytes })).sha256;
  }
}

function open({ file, text }: SourceObject): Readable {
  return text === undefined
    ? createReadStream(file, { highWaterMark: READ_BYTES })
    : Readable.from([Buffer.from(text)]);
}

async function digestOf(content: Readable): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of content as AsyncIterable<Buffer>) hash.update(chunk);
  return hash.digest('hex');
}
