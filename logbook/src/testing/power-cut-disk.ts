import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

import { type Disk, type DiskFile, nodeDisk } from '../disk/disk.ts';

/** A file, under any name: what a device surely has of it. */
interface Inode {
  path: string;
  syncedBytes: Buffer;
}

/**
 * The real disk, but it knows what a power cut may lose: bytes of a file that were not synced, and names whose folder
 * was not synced. After the chosen act the power is off: nothing more is done.
 */
export class PowerCutDisk implements Disk {
  /** Acts so far that change something. */
  acts = 0;
  readonly #root: string;
  readonly #cutAt: number;
  readonly #names = new Map<string, Inode | 'folder'>();
  readonly #durableNames = new Map<string, Inode | 'folder'>();

  /** `root` is an empty, durable folder. `cutAt` counts acts from 1; 0 never cuts. */
  constructor(root: string, cutAt: number) {
    this.#root = root;
    this.#cutAt = cutAt;
  }

  /**
   * Writes what may be found after the cut into another folder. `chance` returns numbers from 0 to 1. They decide what
   * survives of everything that was not made durable: names or not, and how many of the bytes, followed by garbage or
   * zeros or nothing.
   */
  survive(target: string, chance: () => number): void {
    const names = new Map(this.#durableNames);
    for (const [path, inode] of this.#names) if (!names.has(path) && chance() < 0.5) names.set(path, inode);
    for (const [path, inode] of this.#durableNames) {
      // A rename or removal that was not made durable may still have happened.
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
    // Removed since, while its name was still durable: only its synced bytes are left.
    written = inode.syncedBytes;
  }
  if (written.length <= inode.syncedBytes.length) return inode.syncedBytes;
  const unsyncedBytes = written.length - inode.syncedBytes.length;
  const keptBytes = Math.floor(unsyncedBytes * chance());
  const kept = written.subarray(inode.syncedBytes.length, inode.syncedBytes.length + keptBytes);
  const lost = unsyncedBytes - keptBytes;
  const rest = chance();
  // A size may be durable before the bytes are: then the file has zeros or old content there.
  if (rest < 0.4) return Buffer.concat([inode.syncedBytes, kept]);
  return Buffer.concat([inode.syncedBytes, kept, Buffer.alloc(lost, rest < 0.7 ? 0 : 'garbage, ')]);
}
