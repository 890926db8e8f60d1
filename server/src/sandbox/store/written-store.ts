/*
 * A box's disk does not wait for the machine's disk: it is mounted without barriers, and what its programs sync is not
 * written at once (system-call-filter.ts). So after a build, part of its store may be in the machine's memory alone. A
 * mark beside the image has the id of the boot in which the image was last opened. It is on the machine's disk before
 * anything is written to the image, and empty again once all of the image is there. After a power cut, an image with the
 * mark of an earlier boot may be a mix of old and new blocks, however clean its superblock looks.
 */
import { existsSync, readdirSync, readFileSync, truncateSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isCode } from '../folder/error-code.ts';

/** Nobody waits for it, and the push and the next build, which often come at once, need the disk too. */
const DELAY_MS = 5000;

/** Images that were written to: a number for each time one was opened, and the timer of the write to the disk. */
const written = new Map<string, { opened: number; timer?: NodeJS.Timeout }>();
const writing = new Set<Promise<void>>();

/** Whether the machine stopped before all of the image was on its disk. */
export function isTorn(image: string, boot = currentBoot()): boolean {
  const marked = markedBoot(image);
  return marked !== '' && marked !== boot;
}

/** Marks an image as written to; before it is mounted. */
export async function markWritten(image: string, boot = currentBoot()): Promise<void> {
  const { opened = 0, timer } = written.get(image) ?? {};
  clearTimeout(timer);
  written.set(image, { opened: opened + 1 });
  if (markedBoot(image) === boot) return;
  const isNew = !existsSync(markOf(image));
  await using mark = await open(markOf(image), 'w', 0o600);
  await mark.writeFile(boot);
  await mark.sync();
  if (!isNew) return;
  await using folder = await open(dirname(image), 'r');
  await folder.sync();
}

/** Writes an image to the machine's disk a while after it was unmounted, unless it is opened again before. */
export function writeLater(image: string): void {
  const entry = written.get(image);
  if (entry === undefined) return;
  clearTimeout(entry.timer);
  entry.timer = setTimeout(() => void write(image), DELAY_MS).unref();
}

/** Plans it for all images that an earlier helper of this boot did not get to. */
export function writeLeftLater(stores = 'stores'): void {
  for (const id of existsSync(stores) ? readdirSync(stores) : []) {
    const image = `${stores}/${id}/store.img`;
    if (markedBoot(image) !== currentBoot()) continue;
    written.set(image, { opened: 0 });
    writeLater(image);
  }
}

/** Writes all images at once whose time has not come, and waits for them. */
export async function writeNow(): Promise<void> {
  for (const [image, { timer }] of written) if (timer !== undefined) void write(image);
  await Promise.all(writing);
}

async function write(image: string): Promise<void> {
  const entry = written.get(image);
  if (entry?.timer === undefined) return;
  clearTimeout(entry.timer);
  delete entry.timer;
  const { opened } = entry;
  const done = syncFile(image).then((isOnDisk) => {
    // If it was opened meanwhile, its next end plans the next write.
    if (written.get(image)?.opened !== opened) return;
    written.delete(image);
    if (isOnDisk) emptyMark(image);
  });
  writing.add(done);
  await done.finally(() => writing.delete(done));
}

/** False if it was removed, or if the disk failed: then the mark stays, and the layers are lost with the next boot. */
async function syncFile(path: string): Promise<boolean> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'r');
    await file.sync();
    return true;
  } catch {
    return false;
  } finally {
    await file?.close();
  }
}

/** Does not remove it: the time of its folder is that of the last build. */
function emptyMark(image: string): void {
  try {
    truncateSync(markOf(image));
  } catch {
    // As above: the store was removed, or its disk failed.
  }
}

/** Empty if there is none. */
function markedBoot(image: string): string {
  try {
    return readFileSync(markOf(image), 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return '';
    throw error;
  }
}

function markOf(image: string): string {
  return `${image}.boot`;
}

function currentBoot(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}
