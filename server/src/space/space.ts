import { statfs } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { startProgram } from '@slipway/program';
import type { DiskSpace, PartSpace, ReclaimablePart, SpacePart, StoredPart } from './space-part.ts';

/** What measuring and reclaiming works with. */
export interface SpaceMeans {
  /** Any path on the disk. */
  root: string;
  /** The folders of parts that the server's user can read. */
  folders: Readonly<Record<Exclude<SpacePart, 'caches' | 'bases'>, string>>;
  sandbox: {
    listStores(): Promise<{ id: string; sizeBytes: number; usedMs: number; isInUse: boolean }[]>;
    removeStore(id: string): Promise<boolean>;
    measureBases(remove: boolean): Promise<{ sizeBytes: number; idleBytes: number }>;
  };
  /** How much a collection of unused layers would free. */
  unusedImageBytes(): Promise<number>;
  unneededSourceBytes(): Promise<number>;
  removeSources(): Promise<void>;
  /** What is in the bucket and PostgreSQL; undefined if the data folder has everything. */
  measureStored: (() => Promise<StoredPart[]>) | undefined;
  /** Removes the folders that are kept to send their changes; returns their number. */
  removeKeptSources(): Promise<number>;
}

/** The figures of a data folder's disk, and the removal of what is not needed. */
export class Space {
  readonly #means: SpaceMeans;

  constructor(means: SpaceMeans) {
    this.#means = means;
  }

  disk(): Promise<DiskSpace> {
    return diskOf(this.#means.root);
  }

  /** Every part. Without `reclaimable`, those figures are 0 where they need more than a look. */
  async parts({ reclaimable }: { reclaimable: boolean }): Promise<PartSpace[]> {
    const { folders, sandbox, measureStored } = this.#means;
    const isOnDisk = measureStored === undefined;
    const names = ['logs', 'images', 'sources', 'database'] as const;
    const sizes = await diskUsage(names.map((name) => folders[name]));
    const stores = await sandbox.listStores();
    const bases = await sandbox.measureBases(false);
    const unused = {
      images: reclaimable && isOnDisk ? await this.#means.unusedImageBytes() : 0,
      sources: reclaimable && isOnDisk ? await this.#means.unneededSourceBytes() : 0,
      logs: 0,
      database: 0,
    };
    return [
      ...names.map((part, at) => ({ part, sizeBytes: sizes[at] ?? 0, reclaimableBytes: unused[part] })),
      { part: 'caches', sizeBytes: sumOf(stores), reclaimableBytes: sumOf(stores.filter(isIdle)) },
      { part: 'bases', sizeBytes: bases.sizeBytes, reclaimableBytes: bases.idleBytes },
    ];
  }

  /** What is in the bucket and PostgreSQL; undefined if the data folder has everything. */
  async stored(): Promise<StoredPart[] | undefined> {
    const parts = await this.#means.measureStored?.();
    if (parts === undefined) return undefined;
    const unused: Partial<Record<StoredPart['part'], number>> = {
      images: await this.#means.unusedImageBytes(),
      sources: await this.#means.unneededSourceBytes(),
    };
    return parts.map((each) => ({ ...each, reclaimableBytes: unused[each.part] ?? 0 }));
  }

  /** What could be freed now of the parts of which something can be. Reads the registry's list of layers. */
  async reclaimable(): Promise<Readonly<Record<ReclaimablePart | 'images', number>>> {
    const { sandbox } = this.#means;
    return {
      images: await this.#means.unusedImageBytes(),
      sources: await this.#means.unneededSourceBytes(),
      caches: sumOf((await sandbox.listStores()).filter(isIdle)),
      bases: (await sandbox.measureBases(false)).idleBytes,
    };
  }

  /** Removes what no build needs of a part; returns how many bytes that freed. */
  async reclaim(part: ReclaimablePart): Promise<number> {
    const { sandbox } = this.#means;
    switch (part) {
      case 'sources': {
        const before = await this.#means.unneededSourceBytes();
        await this.#means.removeSources();
        return before - (await this.#means.unneededSourceBytes());
      }
      case 'bases': {
        const before = await sandbox.measureBases(false);
        const after = await sandbox.measureBases(true);
        return Math.max(0, before.sizeBytes - after.sizeBytes);
      }
      case 'caches': {
        let freedBytes = 0;
        for (const { id, sizeBytes, isInUse } of await sandbox.listStores())
          if (!isInUse && (await sandbox.removeStore(id))) freedBytes += sizeBytes;
        return freedBytes;
      }
    }
  }

  /**
   * Frees disk if less than `lowBytes` is free, or less than builds are held for: kept folders first, since the next build only has to
   * send more, and then, below `lowBytes`, layer caches until twice as much is free. Returns how many of each it removed.
   */
  async relieve({ lowBytes, heldBytes }: { lowBytes: number; heldBytes: number }) {
    const { freeBytes } = await this.disk();
    if (freeBytes >= Math.max(lowBytes, heldBytes)) return { foldersRemoved: 0, cachesRemoved: 0 };
    // Those in a bucket take no disk.
    const foldersRemoved = this.#means.measureStored === undefined ? await this.#means.removeKeptSources() : 0;
    const isLow = (await this.disk()).freeBytes < lowBytes;
    return { foldersRemoved, cachesRemoved: isLow ? await this.removeCachesUntil(2 * lowBytes) : 0 };
  }

  /** Removes layer caches that no build is using, least recently used first, until this much is free. Returns their number. */
  async removeCachesUntil(freeBytes: number): Promise<number> {
    const { sandbox } = this.#means;
    const idle = (await sandbox.listStores()).filter(({ isInUse }) => !isInUse);
    let removed = 0;
    for (const { id } of idle.toSorted((a, b) => a.usedMs - b.usedMs)) {
      if ((await this.disk()).freeBytes >= freeBytes) break;
      if (await sandbox.removeStore(id)) removed += 1;
    }
    return removed;
  }
}

function sumOf(list: readonly { sizeBytes: number }[]): number {
  return list.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
}

function isIdle({ isInUse }: { isInUse: boolean }): boolean {
  return !isInUse;
}

/** The disk on which a path is. */
export async function diskOf(path: string): Promise<DiskSpace> {
  const { blocks, bavail, bsize, files, ffree } = await statfs(path);
  return { sizeBytes: blocks * bsize, freeBytes: bavail * bsize, inodes: files, freeInodes: ffree };
}

/** What folders take on disk, by `du`: it knows holes and hard links, and works beside this process. */
async function diskUsage(folders: readonly string[]): Promise<number[]> {
  const args = ['-s', '-B1', '--', ...folders];
  const environment = { PATH: '/usr/local/bin:/usr/bin:/bin' };
  const du = await startProgram({ command: 'du', args, environment });
  du.stdin.end();
  du.stderr.resume();
  const [printed, code] = await Promise.all([text(du.stdout), du.closed]);
  // Files that go away meanwhile make it end with 1; its sums are right.
  if (code > 1) throw new Error(`measuring the data folder: du ended with code ${code}`);
  const sizes = new Map(printed.split('\n').map((line) => [line.replace(/^\d+\t/, ''), Number.parseInt(line, 10)]));
  return folders.map((folder) => {
    const size = sizes.get(folder);
    if (size === undefined) throw new Error(`measuring the data folder: du could not measure ${folder}`);
    return size;
  });
}
