import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { BlobNotFound, type BlobStore, StoreUnreachable } from './blob.ts';

/** Below the prefix of a bucket: which instance has its objects there, where that is, and its last start. */
const KEY = 'owner/instance.json';
const LIMIT_BYTES = 4096;
/** How long a check of the mark holds. */
const HOLDS_MS = 5_000;

interface Mark {
  instanceId: string;
  /** Undefined in the mark of a move, or of an earlier version. */
  start: string | undefined;
  /** Another one in a copy of the objects. */
  place: string | undefined;
}

/** Whose a store is. */
export interface StoreOwner {
  instanceId: string;
  /** Where the store is: `s3://BUCKET/PREFIX`. */
  place: string;
  /** Without them, only the instance counts, and the next database of it may come. */
  starts?: MarkStarts;
}

/** The starts that a database knows. An older database does not know the later ones. */
export interface MarkStarts {
  /** The last ones; none if this database is a copy. */
  known(): Promise<readonly string[]>;
  /** Notes a start before it takes the place of another one in the mark, which stays known. */
  add(start: string, marked: string | undefined): Promise<void>;
}

/** A store is not that of this database, or not any more: nothing may be removed there. */
export class ForeignStore extends StoreUnreachable {
  readonly reason: string;
  readonly fix: string;

  constructor(reason: string, fix: string) {
    super(`${reason}; ${fix}`);
    this.reason = reason;
    this.fix = fix;
  }
}

/**
 * Marks a store as that of an instance and its database, or checks the mark. A server removes what nothing in its database names, so two
 * databases in one place would remove each other's objects. Throws `ForeignStore`. Two that come at the same moment both write
 * their mark, and the one that finds the other's refuses.
 */
export async function takeOwnership(blobs: BlobStore, owner: StoreOwner): Promise<void> {
  const { instanceId, place, starts } = owner;
  const found = await readMark(blobs);
  if (found !== undefined) await refuse(found, owner);
  const start = starts === undefined ? undefined : randomUUID();
  if (start !== undefined) await starts?.add(start, found?.start);
  const mark = `${JSON.stringify({ InstanceId: instanceId, Place: place, Start: start })}\n`;
  await blobs.put(KEY, Readable.from([Buffer.from(mark)]), { limitBytes: LIMIT_BYTES });
  await checkOwnership(blobs, owner);
}

/** Throws `ForeignStore` unless the mark is that of an instance and its database. */
export async function checkOwnership(blobs: BlobStore, owner: StoreOwner): Promise<void> {
  const mark = await readMark(blobs);
  if (mark === undefined)
    throw new ForeignStore(
      `it has lost the mark of this instance, ${KEY}`,
      'see who removes objects there, and start the server again, which writes the mark',
    );
  await refuse(mark, owner);
}

/** A store that removes nothing unless `check` passes, which it asks again after some seconds. */
export function removingOnlyIf<Store extends BlobStore>(
  store: Store,
  check: () => Promise<void>,
  monotonicMs: () => number,
): Store {
  let checkedMs = Number.NEGATIVE_INFINITY;
  const remove = async (key: string) => {
    if (monotonicMs() - checkedMs > HOLDS_MS) {
      await check();
      checkedMs = monotonicMs();
    }
    await store.remove(key);
  };
  return { ...store, remove };
}

async function refuse(mark: Mark, { instanceId, place, starts }: StoreOwner): Promise<void> {
  if (mark.instanceId !== instanceId)
    throw new ForeignStore(
      `it belongs to the instance ${mark.instanceId}`,
      'use another bucket or prefix in the setting bucket',
    );
  const isCopy = mark.place !== undefined && mark.place !== place;
  if (starts === undefined || mark.start === undefined || isCopy || (await starts.known()).includes(mark.start)) return;
  throw new ForeignStore(
    'it is in use with another database of this instance, of which this one is an older state or a copy',
    `copy its objects to another bucket or prefix, and use that; or, if no server will use the other database again, remove the object ${KEY} and start again`,
  );
}

/** The instance that has its objects in a store; undefined if none has. */
export async function readOwner(blobs: BlobStore): Promise<string | undefined> {
  return (await readMark(blobs))?.instanceId;
}

/** A mark that cannot be read is one of another program. */
async function readMark(blobs: BlobStore): Promise<Mark | undefined> {
  let mark: string;
  try {
    mark = await text(await blobs.get(KEY, { fromByte: 0, toByte: LIMIT_BYTES }));
  } catch (error) {
    if (error instanceof BlobNotFound) return undefined;
    throw error;
  }
  try {
    const { InstanceId, Start, Place } = JSON.parse(mark) as Record<string, unknown>;
    return { instanceId: String(InstanceId), start: textOf(Start), place: textOf(Place) };
  } catch {
    return { instanceId: 'of another program', start: undefined, place: undefined };
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
