import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { BlobNotFound, type BlobStore } from './blob.ts';

/** Below the prefix of a bucket: which instance has its objects there. */
const KEY = 'owner/instance.json';
const LIMIT_BYTES = 4096;

/** Another instance has its objects in the store. */
export class ForeignStore extends Error {
  readonly instanceId: string;

  constructor(instanceId: string) {
    super(`it belongs to the instance ${instanceId}`);
    this.instanceId = instanceId;
  }
}

/**
 * Marks a store as that of an instance, or checks the mark. A server removes what nothing in its database names, so two instances in one
 * place would remove each other's objects. Throws `ForeignStore`. Two that come at the same moment both write their mark, and
 * the one that finds the other's refuses.
 */
export async function takeOwnership(blobs: BlobStore, instanceId: string): Promise<void> {
  if ((await readOwner(blobs)) === undefined) {
    const mark = `${JSON.stringify({ InstanceId: instanceId })}\n`;
    await blobs.put(KEY, Readable.from([Buffer.from(mark)]), { limitBytes: LIMIT_BYTES });
  }
  const owner = await readOwner(blobs);
  if (owner !== instanceId) throw new ForeignStore(owner ?? 'that removed the mark just now');
}

/** The instance that has its objects in a store; undefined if none has. A mark that cannot be read is one of another program. */
export async function readOwner(blobs: BlobStore): Promise<string | undefined> {
  let mark: string;
  try {
    mark = await text(await blobs.get(KEY, { fromByte: 0, toByte: LIMIT_BYTES }));
  } catch (error) {
    if (error instanceof BlobNotFound) return undefined;
    throw error;
  }
  try {
    const { InstanceId } = JSON.parse(mark) as { InstanceId?: unknown };
    return String(InstanceId);
  } catch {
    return 'of another program';
  }
}
