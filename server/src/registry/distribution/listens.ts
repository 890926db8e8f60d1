import { readdir, readFile, readlink } from 'node:fs/promises';

const LISTENS = '0A';

/**
 * Whether a process of this user listens on a port of 127.0.0.1, according to the kernel (proc(5)): /proc/net/tcp names the socket,
 * and the process must have it. A reply on a port does not prove who sent it: any program may have taken the port a
 * moment before, also another registry of ours.
 */
export async function listens(pid: number, port: number): Promise<boolean> {
  const socket = await findListener(port);
  if (socket === undefined) return false;
  const folder = `/proc/${pid}/fd`;
  const targets = (await openFilesOf(folder)).map((file) => readlink(`${folder}/${file}`).catch(ignoreClosed));
  return (await Promise.all(targets)).includes(`socket:[${socket}]`);
}

/** The inode of the socket that listens on the port. */
async function findListener(port: number): Promise<string | undefined> {
  const address = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  for (const line of (await readFile('/proc/net/tcp', 'utf8')).split('\n')) {
    const [, local, , state, , , , , , inode] = line.trim().split(/ +/);
    if (local === address && state === LISTENS) return inode;
  }
  return undefined;
}

/** The open files of a process; none if it has ended. */
async function openFilesOf(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new Error(`read ${folder}`, { cause });
  }
}

/** A file that the process closed since it was listed. */
function ignoreClosed(cause: NodeJS.ErrnoException): undefined {
  if (cause.code !== 'ENOENT') throw cause;
}
