import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { BlobStore, StoredObject } from '#blob/blob.ts';
import { BackupRefused } from './backup-refused.ts';

/** Held by the one process that changes a store. */
export interface StoreLock {
  /** Throws `BackupRefused` 4 if another process took it, since this one seemed dead. */
  check(): Promise<void>;
  release(): Promise<void>;
}

const RENEW_MS = 2 * 60_000;
/** Of a holder that has not renewed its lock for so long, nobody knows whether it lives. */
const DEAD_MS = 10 * 60_000;

/** Who holds a lock. */
interface Holder {
  host: string;
  /** The boot of the machine, and the numbering of its processes: within both, the process can be looked up. */
  machine: string;
  pid: number;
}

/**
 * Keeps two backups from changing a store at once: what one removes, the other may rely on. Stores have no lock and many have no
 * conditional write, so each holder writes an object of its own, and then looks for others. Of two that come at
 * the same moment, both may be refused. Ages are by the store's clock. Throws `BackupRefused` 4.
 */
export async function lockStore(store: BlobStore, name: string): Promise<StoreLock> {
  const key = `running/${randomUUID()}`;
  const own: Holder = { host: hostname(), machine: machineOf(), pid: process.pid };
  const write = async () => {
    const bytes = Buffer.from(JSON.stringify(own));
    await store.put(key, Readable.from([bytes]), { limitBytes: bytes.length });
  };
  await write();
  try {
    const mine = await store.head(key);
    for await (const other of store.list('running')) {
      if (other.key === key) continue;
      const holder = await readHolder(store, other);
      if (holder === undefined) continue;
      const idleMs = (mine?.modifiedMs ?? 0) - other.modifiedMs;
      if (idleMs < DEAD_MS && !isGone(holder, own))
        throw new BackupRefused(
          4,
          `another backup writes to ${name}: process ${holder.pid} of ${holder.host}; wait for its end, or, if it was killed, for ${Math.ceil((DEAD_MS - idleMs) / 60_000)} minutes`,
        );
      await store.remove(other.key);
    }
  } catch (error) {
    await store.remove(key);
    throw error;
  }
  const renewal = setInterval(() => {
    // A store that cannot be reached now may be reached at the next time; `check` decides.
    write().catch(() => undefined);
  }, RENEW_MS);
  renewal.unref();
  return {
    async check() {
      if ((await store.head(key)) === undefined)
        throw new BackupRefused(4, `another backup took over ${name}, because this one had stopped; run it again`);
    },
    async release() {
      clearInterval(renewal);
      await store.remove(key);
    },
  };
}

/** Undefined if it has just been released. What is not readable holds the lock until it is old. */
async function readHolder(store: BlobStore, { key }: StoredObject): Promise<Holder | undefined> {
  if ((await store.head(key)) === undefined) return undefined;
  try {
    return JSON.parse(await text(await store.get(key))) as Holder;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { host: 'an unknown machine', machine: '', pid: 0 };
  }
}

function isGone(holder: Holder, own: Holder): boolean {
  return holder.machine === own.machine && !existsSync(`/proc/${holder.pid}`);
}

function machineOf(): string {
  return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${readlinkSync('/proc/self/ns/pid')}`;
}
