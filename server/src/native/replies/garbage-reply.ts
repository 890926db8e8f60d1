import type { GarbageCollection } from '#rpc/native-types.gen.ts';
import type { NativeMeans } from '../native-operation.ts';

/** The state of garbage collection. */
export function garbageReply({ state }: NativeMeans['garbage']): GarbageCollection {
  const { runningSinceMs, last } = state;
  return {
    RunningSince: runningSinceMs,
    Last: last && {
      StartTime: last.startMs,
      EndTime: last.endMs,
      Manifests: last.manifests,
      Layers: last.layers,
      FreedBytes: last.freedBytes,
      PausedMs: last.pausedMs,
      Failure: last.failure,
    },
  };
}
