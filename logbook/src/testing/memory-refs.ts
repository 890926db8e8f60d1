import type { ArchiveRef, ArchiveRefs } from '../sealed/archive-store.ts';

/** Names of logs in memory. */
export class MemoryRefs implements ArchiveRefs {
  readonly names = new Map<string, ArchiveRef>();

  async find(logId: string): Promise<ArchiveRef | undefined> {
    return this.names.get(logId);
  }

  async keep(logId: string, ref: ArchiveRef): Promise<void> {
    if (this.names.has(logId)) throw new Error(`log ${logId} has a name already`);
    this.names.set(logId, ref);
  }

  async forget(logId: string): Promise<ArchiveRef | undefined> {
    const ref = this.names.get(logId);
    this.names.delete(logId);
    return ref;
  }
}

/** For a store whose logs are called by their names. */
export const BY_NAME: ArchiveRefs = {
  find: async (logId) => logId,
  keep: async () => undefined,
  forget: async (logId) => logId,
};
