import { statSync } from 'node:fs';
import type { BlobStore } from '#blob/blob.ts';
import { MoveRefused } from './move-refused.ts';
import type { MoveTarget } from './move-target.ts';
import { digestOf, digestOfStored, isSame, openObject, putObject } from './put-object.ts';
import type { ObjectKind, SourceObject } from './source-objects.ts';
import { StoredSet, type StoredState } from './stored-set.ts';

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
  /** What of them the store has. */
  stored: StoredState;
  isDone: boolean;
}

const AT_ONCE = 16;
/** An object is sent in parts, of which a few are in memory: no more bytes of it than these. */
const LARGEST_SHARE_BYTES = 48 * 2 ** 20;
const IN_MEMORY_BYTES = 24 * 2 ** 20;
/** How often it is noted how far the move is. */
const NOTE_MS = 2000;

/** Copies the files of a kind, in order, a few at once, and compares what the store has with each. */
export async function moveObjects(kind: ObjectKind, means: ObjectMeans): Promise<{ objects: number; bytes: number }> {
  const { target } = means;
  const part = `objects ${kind.prefix}`;
  const begun = await target.progress<ObjectState>(part);
  if (begun?.isDone === true) return begun;
  const stored = new StoredSet(begun?.stored);
  let state: ObjectState = begun ?? { lastKey: '', objects: 0, bytes: 0, stored: stored.state, isDone: false };
  let isBefore = state.lastKey !== '';
  let notedMs = performance.now();
  const running: { object: SourceObject; end: Promise<string | undefined>; hasEnded: boolean }[] = [];
  let share = 0;
  const note = (change: Partial<ObjectState>) => target.note(part, { ...state, stored: stored.state, ...change });
  /** Takes the oldest ones that have ended, so that the state never skips one. */
  const settle = async (isEnd: boolean) => {
    while (running.length > 0 && (isEnd || running[0]?.hasEnded === true)) {
      const first = running[0];
      if (first === undefined) return;
      const { key, sizeBytes } = first.object;
      stored.add({ key, sizeBytes, etag: await first.end });
      running.shift();
      state = { ...state, lastKey: key, objects: state.objects + 1, bytes: state.bytes + sizeBytes };
      if (performance.now() - notedMs > NOTE_MS) {
        notedMs = performance.now();
        await note({});
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
      const task: (typeof running)[number] = { object, hasEnded: false, end: moveObject(object, means) };
      task.end = task.end.then((etag) => {
        task.hasEnded = true;
        share -= own;
        means.moved(object.sizeBytes);
        return etag;
      });
      // It is looked at in its turn.
      task.end.catch(() => undefined);
      running.push(task);
    }
    await settle(true);
  } finally {
    await Promise.allSettled(running.map(({ end }) => end));
    // What was done stays done, also if another object failed.
    await note({}).catch(() => undefined);
  }
  await note({ isDone: true });
  return state;
}

/**
 * Compares which objects the store has with what was moved, and removes those that no file is for, which an earlier run has left. Throws
 * `MoveRefused` if one is missing, or has other bytes.
 */
export async function compareObjects(kind: ObjectKind, means: ObjectMeans): Promise<void> {
  const { root, blobs, target } = means;
  const moved = await target.progress<ObjectState>(`objects ${kind.prefix}`);
  const found = new StoredSet();
  for await (const object of blobs.list(kind.prefix)) {
    if (statSync(kind.fileOf(root, object.key), { throwIfNoEntry: false })?.isFile() === true) found.add(object);
    else await blobs.remove(object.key);
  }
  if (found.equals(new StoredSet(moved?.stored))) return;
  // A store may have begun to call the same bytes by other names: then, the bytes decide.
  for (const object of kind.list(root)) await compareBytes(object, blobs);
}

/** Throws `MoveRefused` unless the store has the bytes of a file. */
export async function compareBytes(object: SourceObject, blobs: BlobStore): Promise<void> {
  const { key } = object;
  const sha256 = await digestOfStored(blobs, key);
  if (sha256 === (await digestOf(openObject(object)))) return;
  throw new MoveRefused(
    4,
    sha256 === undefined
      ? `the bucket has no object ${key}, which was moved there: something else removed it; run the same command with --restart`
      : `the bucket has other bytes of ${key} than were moved there: something else wrote it; run the same command with --restart`,
  );
}

/** Returns what the store calls the object's bytes. */
async function moveObject(object: SourceObject, means: ObjectMeans): Promise<string | undefined> {
  const { blobs, target } = means;
  if (target.isContinued) {
    // An earlier run may have stored it.
    const stored = await blobs.head(object.key);
    if (stored?.sizeBytes === object.sizeBytes && (await isSame(object, blobs))) return stored.etag;
  }
  return putObject(object, means);
}
