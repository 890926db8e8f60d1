import type { Stats } from 'node:fs';
import { createWriteStream } from 'node:fs';
import { chmod, copyFile, link, lstat, mkdir, rename, rm, symlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { CliError, EXIT_CODES } from '../cli-error.ts';
import type { ImageFiles } from './image-files.ts';
import type { ImageNode } from './image-tree.ts';

/** What was written, and what was not since only root could make it or nobody asked for it. */
export interface WrittenFiles {
  files: number;
  /** Devices, sockets and pipes. */
  leftOut: string[];
}

// Neither setuid nor setgid: a file of a stranger must not run with the rights of who unpacked it.
const KEPT_MODE = 0o777;
const SHOWN_LEFT_OUT = 20;

/**
 * Writes the files of an image into a folder, over what is there, as files of whoever runs the command. An image may hold links that
 * lead anywhere, so no link is followed, neither one of the image nor one that is there: links are made when all else is written.
 */
export async function writeImageFolder(image: ImageFiles, folder: string): Promise<WrittenFiles> {
  const written: WrittenFiles = { files: 0, leftOut: [] };
  const later: (() => Promise<void>)[] = [];
  const first = new Map<ImageNode, string>();
  await mkdir(folder, { recursive: true });

  const writeNode = async (node: ImageNode, path: string): Promise<void> => {
    const { type } = node.header;
    if (type === 'directory') await writeFolder(node, path);
    else if (type === 'symlink') {
      later.push(async () => {
        await makeRoom(path);
        await symlink(node.linkName, path);
        written.files += 1;
      });
    } else if (type === 'file' || type === 'contiguous-file' || type === undefined || type === null) {
      const other = first.get(node);
      if (other === undefined) {
        first.set(node, path);
        await writeFile(image, node, path);
      } else await writeHardLink(other, path);
      written.files += 1;
    } else if (written.leftOut.length < SHOWN_LEFT_OUT) written.leftOut.push(path);
  };
  const writeFolder = async (node: ImageNode, path: string): Promise<void> => {
    await ensureFolder(path);
    for (const [name, child] of node.children) await writeNode(child, join(path, name));
    later.push(async () => {
      await chmod(path, node.header.mode === undefined ? 0o755 : node.header.mode & KEPT_MODE);
      await setTime(path, node);
    });
  };
  for (const [name, child] of image.root.children) await writeNode(child, join(folder, name));
  for (const act of later) await act();
  return written;
}

async function ensureFolder(path: string): Promise<void> {
  const stats = await statsOf(path);
  if (stats?.isDirectory()) {
    // Written to before its own mode counts.
    await chmod(path, (stats.mode & KEPT_MODE) | 0o700);
    return;
  }
  if (stats) await rm(path);
  await mkdir(path, 0o700);
}

async function writeFile({ read }: ImageFiles, node: ImageNode, path: string): Promise<void> {
  await makeRoom(path);
  // Only a file that this call makes: what appears meanwhile under the name is not written to.
  const fresh = `${path}.slipway-new`;
  await rm(fresh, { force: true });
  await pipeline(read(node), createWriteStream(fresh, { flags: 'wx', mode: 0o600 }));
  await chmod(fresh, (node.header.mode ?? 0o644) & KEPT_MODE);
  await setTime(fresh, node);
  await rename(fresh, path);
}

async function writeHardLink(other: string, path: string): Promise<void> {
  await makeRoom(path);
  await link(other, path).catch(async (error: NodeJS.ErrnoException) => {
    if (!['EPERM', 'ENOTSUP', 'EMLINK', 'ENOSYS'].includes(error.code ?? '')) throw error;
    await copyFile(other, path);
  });
}

/** Removes the file or link that is there; a folder is somebody's work, and stays. */
async function makeRoom(path: string): Promise<void> {
  const stats = await statsOf(path);
  if (stats?.isDirectory())
    throw new CliError(EXIT_CODES.usage, `${path} is a folder, and the image has a file there; name another folder`);
  if (stats) await rm(path);
}

async function statsOf(path: string): Promise<Stats | undefined> {
  return lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}

async function setTime(path: string, { header: { mtime } }: ImageNode): Promise<void> {
  if (mtime !== undefined) await utimes(path, mtime, mtime);
}
