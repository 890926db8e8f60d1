import type { SpaceState } from '#rpc/native-types.gen.ts';
import type { NativeMeans } from '../native-operation.ts';

/** The disk of the data folder, and what its parts take. */
export async function spaceReply(space: NativeMeans['space']): Promise<SpaceState> {
  const { sizeBytes, freeBytes } = await space.disk();
  const parts = await space.parts({ reclaimable: true });
  return {
    DiskBytes: sizeBytes,
    FreeBytes: freeBytes,
    Parts: parts.map((each) => ({
      Part: each.part,
      SizeBytes: each.sizeBytes,
      ReclaimableBytes: each.reclaimableBytes,
    })),
  };
}
