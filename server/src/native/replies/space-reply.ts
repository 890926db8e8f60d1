import type { SpaceState } from '#rpc/native-types.gen.ts';
import type { NativeMeans } from '../native-operation.ts';

/** The disk of the data folder, what its parts take, and what is in a bucket and PostgreSQL. */
export async function spaceReply(space: NativeMeans['space']): Promise<SpaceState> {
  const { sizeBytes, freeBytes } = await space.disk();
  const [parts, stored] = await Promise.all([space.parts({ reclaimable: true }), space.stored()]);
  return {
    DiskBytes: sizeBytes,
    FreeBytes: freeBytes,
    Parts: parts.map((each) => ({
      Part: each.part,
      SizeBytes: each.sizeBytes,
      ReclaimableBytes: each.reclaimableBytes,
    })),
    Stored: stored?.map((each) => ({
      Part: each.part,
      Count: each.count,
      SizeBytes: each.sizeBytes,
      ReclaimableBytes: each.reclaimableBytes,
    })),
  };
}
