import { readFile } from 'node:fs/promises';

const LISTENS = '0A';

/**
 * The id of the user whose program listens on a port of 127.0.0.1, according to the kernel (proc(5), /proc/net/tcp);
 * undefined if nothing does. A reply on a port does not prove who sent it: any user may have taken the port a moment
 * before.
 */
export async function portOwner(port: number): Promise<number | undefined> {
  const address = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  for (const line of (await readFile('/proc/net/tcp', 'utf8')).split('\n')) {
    const [, local, , state, , , , uid] = line
      .trim()
      .split(' ')
      .filter((word) => word !== '');
    if (local === address && state === LISTENS) return Number(uid);
  }
  return undefined;
}
