import { createWriteStream } from 'node:fs';
import { chmod, copyFile, link, mkdir, symlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ImageFiles } from './image-files.ts';
import type { ImageNode } from './image-tree.ts';
import { ensureFolder, makeRoom, replaceFile } from './safe-folder.ts';

/** What was written, and what was left out because only root could make it or nobody asked for it. */
export interface WrittenFiles {
  files: number;
  /** Devices, sockets and pipes. */
  leftOut: string[];
}

// Without setuid and setgid: an untrusted file must not run with the rights of the user who unpacked it.
const KEPT_MODE = 0o1777;
const SHOWN_LEFT_OUT = 20;

/**
 * Writes the files of an image into a folder, over existing ones, as files of the user who runs the command. An image
 * may contain links to anywhere, so no link is followed, neither of the image nor existing: links are made after
 * everything else. `below` is the folder of a platform, in `folder`.
 */
export async function writeImageFolder(image: ImageFiles, folder: string, below?: string): Promise<WrittenFiles> {
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
  // The folder that the user named may be a link; that of a platform belongs to the image.
  if (below !== undefined) await writeFolder(image.root, join(folder, below));
  else for (const [name, child] of image.root.children) await writeNode(child, join(folder, name));
  for (const act of later) await act();
  return written;
}

async function writeFile({ read }: ImageFiles, node: ImageNode, path: string): Promise<void> {
  await replaceFile(path, async (fresh) => {
    await pipeline(read(node), createWriteStream(fresh, { flags: 'wx', mode: 0o600 }));
    await chmod(fresh, (node.header.mode ?? 0o644) & KEPT_MODE);
    await setTime(fresh, node);
  });
}

async function writeHardLink(other: string, path: string): Promise<void> {
  await makeRoom(path);
  await link(other, path).catch(async (error: NodeJS.ErrnoException) => {
    if (!['EPERM', 'ENOTSUP', 'EMLINK', 'ENOSYS'].includes(error.code ?? '')) throw error;
    await copyFile(other, path);
  });
}

async function setTime(path: string, { header: { mtime } }: ImageNode): Promise<void> {
  // Some headers contain invalid times.
  if (mtime !== undefined && Number.isFinite(mtime.getTime())) await utimes(path, mtime, mtime);
}
