import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

import { type Disk, type DiskFile, nodeDisk } from '../disk/disk.ts';

/** A file, whatever its name: what a device surely holds of it. */
interface Inode {
  path: string;
  syncedBytes: Buffer;
}

/**
 * The real disk, but it knows what a power cut may take away: bytes that no sync of the file has made durable, and names that
 * no sync of their folder has. After the chosen act the power is gone: nothing more is done.
 */
export class PowerCutDisk implements Disk {
  /** Acts so far that change something. */
  acts = 0;
  readonly #root: string;
  readonly #cutAt: number;
  readonly #names = new Map<string, Inode | 'folder'>();
  readonly #durableNames = new Map<string, Inode | 'folder'>();

  /** `root` is an empty folder, which itself is durable. `cutAt` counts acts from 1; 0 never cuts. */
  constructor(root: string, cutAt: number) {
    this.#root = root;
    this.#cutAt = cutAt;
  }

  /**
   * Writes what may be found after the cut into another folder. `chance` gives numbers from 0 to 1 and decides, for all that was
   * not made durable, what of it survives: names or not, and how many of the bytes, with garbage or zeros after them or not.
   */
  survive(target: string, chance: () => number): void {
    const names = new Map(this.#durableNames);
    for (const [path, inode] of this.#names) if (!names.has(path) && chance() < 0.5) names.set(path, inode);
    for (const [path, inode] of this.#durableNames) {
      // A rename or removal that was not made durable may have happened all the same.
      if (this.#names.get(path) !== inode && chance() < 0.5) names.delete(path);
    }
    for (const [path, inode] of [...names].sort(([a], [b]) => a.length - b.length)) {
      const copy = join(target, relative(this.#root, path));
      if (inode === 'folder') mkdirSync(copy, { recursive: true });
      else if (names.get(dirname(path)) === 'folder') {
        mkdirSync(dirname(copy), { recursive: true });
        writeFileSync(copy, survivingBytes(inode, chance));
      }
    }
  }

  open(...[path, mode]: Parameters<Disk['open']>): DiskFile {
    if (mode.startsWith('create')) this.#act();
    const file = nodeDisk.open(path, mode);
    const known = this.#names.get(path);
    const inode = known === undefined || known === 'folder' ? { path, syncedBytes: Buffer.alloc(0) } : known;
    if (known === undefined) this.#names.set(path, inode);
    const sync = async (): Promise<void> => {
      this.#act();
      inode.syncedBytes = readFileSync(inode.path);
    };
    return {
      read: (target, position) => file.read(target, position),
      sizeBytes: () => file.sizeBytes(),
      close: () => file.close(),
      write: async (buffers, position) => {
        this.#act();
        await file.write(buffers, position);
        if (mode.endsWith('durable')) await sync();
      },
      sync,
    };
  }

  list(path: string): string[] {
    return nodeDisk.list(path);
  }

  async makeFolder(path: string): Promise<void> {
    this.#act();
    await nodeDisk.makeFolder(path);
    this.#names.set(path, 'folder');
  }

  async rename(from: string, to: string): Promise<void> {
    this.#act();
    await nodeDisk.rename(from, to);
    const inode = this.#names.get(from);
    if (inode === undefined || inode === 'folder') throw new Error(`renamed unknown ${from}`);
    inode.path = to;
    this.#names.delete(from);
    this.#names.set(to, inode);
  }

  async remove(path: string): Promise<void> {
    this.#act();
    await nodeDisk.remove(path);
    this.#names.delete(path);
  }

  async truncate(path: string, sizeBytes: number): Promise<void> {
    this.#act();
    await nodeDisk.truncate(path, sizeBytes);
    const inode = this.#names.get(path);
    if (inode !== undefined && inode !== 'folder') inode.syncedBytes = readFileSync(path);
  }

  async syncFolder(path: string): Promise<void> {
    this.#act();
    for (const name of this.#durableNames.keys()) if (dirname(name) === path) this.#durableNames.delete(name);
    for (const [name, inode] of this.#names) if (dirname(name) === path) this.#durableNames.set(name, inode);
  }

  #act(): void {
    if (this.#cutAt > 0 && this.acts >= this.#cutAt)
      throw Object.assign(new Error('EIO: the power is gone'), { code: 'EIO' });
    this.acts += 1;
  }
}

function survivingBytes(inode: Inode, chance: () => number): Buffer {
  let written: Buffer;
  try {
    written = readFileSync(inode.path);
  } catch {
    // Removed since, while its name was still durable: only what was synced of it is left.
    written = inode.syncedBytes;
  }
  if (written.length <= inode.syncedBytes.length) return inode.syncedBytes;
  const unsyncedBytes = written.length - inode.syncedBytes.length;
  const keptBytes = Math.floor(unsyncedBytes * chance());
  const kept = written.subarray(inode.syncedBytes.length, inode.syncedBytes.length + keptBytes);
  const lost = unsyncedBytes - keptBytes;
  const rest = chance();
  // A size may be durable before the bytes are: then the file has zeros or old contents there.
  if (rest < 0.4) return Buffer.concat([inode.syncedBytes, kept]);
  return Buffer.concat([inode.syncedBytes, kept, Buffer.alloc(lost, rest < 0.7 ? 0 : 'garbage, ')]);
}
