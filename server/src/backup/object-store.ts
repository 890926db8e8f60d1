/*
 * A backup as objects of a store, with the names that a backup folder has, and any number of backups of one server:
 *
 *     objects/ab/abcd…             a file's bytes, named by their SHA-256; shared by all backups
 *     backups/TIME.ndjson          a manifest, written when all its objects are stored
 *     running/ID                   the process that changes the place (store-lock.ts)
 *
 * Each object is stored as a whole or not at all, so an interrupted backup leaves only objects that the next one finds.
 */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { BlobDiffers, type BlobStore } from '#blob/blob.ts';
import type { S3Store } from '#blob/s3/s3-store.ts';
import { type BackupSource, type BackupTarget, type Content, ContentDiffers } from './backup-place.ts';
import { BackupRefused } from './backup-refused.ts';
import { eachAtOnce } from './each-at-once.ts';
import {
  BackupDamaged,
  isLink,
  MANIFEST_NAME,
  type Manifest,
  manifestName,
  manifestText,
  parseManifest,
  SHA256,
} from './manifest.ts';
import type { ListedBackup } from './object-folder.ts';
import { lockStore } from './store-lock.ts';

/** Each request takes its time, mostly that of the way. */
const AT_ONCE = 8;
/** What is smaller is read into memory, and sent while the next is read. */
const SMALL_BYTES = 8 * 1024 * 1024;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A bucket may have leftovers that no list shows. */
type ClosableStore = BlobStore & { close(): void; endInterrupted?: S3Store['endInterrupted'] };

/** Opens a store for one more backup. Throws `BackupRefused` 2 or 4. */
export async function openStoreTarget(store: ClosableStore, name: string): Promise<BackupTarget> {
  try {
    // All of them: what a backup and its removals change must be its own.
    for await (const { key } of store.list(''))
      if (!isOwn(key))
        throw new BackupRefused(2, `${name} has other objects, such as ${key}; name a prefix that is empty or new`);
    const lock = await lockStore(store, name);
    try {
      for (const folder of ['objects', 'backups']) await store.endInterrupted?.(folder, isOwn);
      return await lockedTarget(store, name, lock);
    } catch (error) {
      await lock.release();
      throw error;
    }
  } catch (error) {
    store.close();
    throw error;
  }
}

async function lockedTarget(
  store: ClosableStore,
  name: string,
  lock: Awaited<ReturnType<typeof lockStore>>,
): Promise<BackupTarget> {
  const objects = await listObjects(store);
  const sending = new Sending();
  return {
    earlier: await newestManifest(store),
    has: async (sha256, sizeBytes) => objects.get(sha256) === sizeBytes,
    async store(content) {
      const small = content.sizeBytes <= SMALL_BYTES ? await buffer(content.open()) : undefined;
      const sha256 = small === undefined ? (content.sha256 ?? (await digestOf(content))) : hashOf(small);
      if (content.sha256 !== undefined && content.sha256 !== sha256)
        throw new ContentDiffers(`its bytes have the SHA-256 ${sha256}`);
      if (objects.get(sha256) === content.sizeBytes) return { sha256, isNew: false };
      objects.set(sha256, content.sizeBytes);
      // Why it cannot be read is known when it is read, which may be later than the stream fails.
      const open = () => (small === undefined ? content.open().on('error', () => undefined) : Readable.from([small]));
      const put = () => store.put(keyOf(sha256), open(), { limitBytes: content.sizeBytes, sha256 });
      if (small === undefined)
        await put().catch((error: unknown) => {
          objects.delete(sha256);
          throw error instanceof BlobDiffers ? new ContentDiffers(error.message, { cause: error }) : error;
        });
      else await sending.add(put);
      return { sha256, isNew: true };
    },
    async finish(manifest) {
      await sending.end();
      await lock.check();
      const key = `backups/${manifestName(manifest)}`;
      const written = manifestText(manifest);
      await store.put(key, Readable.from([Buffer.from(written)]), { limitBytes: Buffer.byteLength(written) });
      if ((await text(await store.get(key))) !== written)
        throw new BackupRefused(4, `${name} gives another manifest back than was stored; the backup cannot be trusted`);
      return `${name}/${key}`;
    },
    async keep(newest) {
      await lock.check();
      return removeOldBackups(store, newest);
    },
    async abandon() {
      await lock.release();
      store.close();
    },
    async close() {
      await sending.settle();
      await lock.release();
      store.close();
    },
  };
}

/** Opens a backup of a store: the one with this name, or the newest. Throws `BackupRefused` 2, `BackupDamaged`. */
export async function openStoreSource(store: ClosableStore, name: string, at?: string): Promise<BackupSource> {
  try {
    const names = await namesOf(store);
    const chosen = at === undefined ? names.at(-1) : names.find((each) => each === at || each === `${at}.ndjson`);
    if (chosen === undefined)
      throw new BackupRefused(
        2,
        at === undefined
          ? `${name} has no backup`
          : `${name} has no backup ${at}; slipway backup list shows those it has`,
      );
    const manifest = await readManifest(store, chosen);
    const objects = await listObjects(store);
    return {
      name: `${name}/backups/${chosen}`,
      manifest,
      atOnce: AT_ONCE,
      async find(sha256) {
        const sizeBytes = objects.get(sha256);
        if (sizeBytes === undefined) return undefined;
        const key = keyOf(sha256);
        return {
          where: `${name}/${key}`,
          sizeBytes,
          read: async function* () {
            yield* (await store.get(key)) as AsyncIterable<Buffer>;
          },
          release: () => undefined,
        };
      },
      close: () => store.close(),
    };
  } catch (error) {
    store.close();
    throw error;
  }
}

/** The backups of a store, oldest first. */
export async function listStore(store: BlobStore): Promise<ListedBackup[]> {
  const listed: ListedBackup[] = [];
  for (const name of await namesOf(store))
    try {
      listed.push({ name, manifest: await readManifest(store, name) });
    } catch (error) {
      if (!(error instanceof BackupDamaged)) throw error;
      listed.push({ name, manifest: undefined, damage: error.message });
    }
  return listed;
}

/** Puts of small objects: a few at once, while the next are read. */
class Sending {
  readonly #running = new Set<Promise<void>>();
  #failure: { error: unknown } | undefined;

  /** Waits for room. Throws the failure of an earlier one. */
  async add(put: () => Promise<unknown>): Promise<void> {
    while (this.#running.size >= AT_ONCE) await Promise.race(this.#running);
    this.#check();
    const running: Promise<void> = put()
      .then(
        () => undefined,
        (error: unknown) => {
          this.#failure ??= { error };
        },
      )
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  async end(): Promise<void> {
    await this.settle();
    this.#check();
  }

  async settle(): Promise<void> {
    await Promise.all(this.#running);
  }

  #check(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}

/** Manifests first: if this is killed, objects stay that no backup needs, and the next call removes them. */
async function removeOldBackups(store: BlobStore, newest: number): Promise<{ backups: number; bytes: number }> {
  const all = await listStore(store);
  const sound = all.filter(({ manifest }) => manifest !== undefined);
  const old = sound.slice(0, -newest);
  for (const { name } of old) await store.remove(`backups/${name}`);
  // A manifest that cannot be read may still be repaired by hand, so its objects stay: then nothing is removed.
  if (sound.length < all.length) return { backups: old.length, bytes: 0 };
  const needed = new Set(
    sound
      .slice(-newest)
      .flatMap(({ manifest }) => (manifest?.files ?? []).map((file) => (isLink(file) ? '' : file.sha256))),
  );
  const unneeded = [...(await listObjects(store))].filter(([sha256]) => !needed.has(sha256));
  await eachAtOnce(unneeded, AT_ONCE, ([sha256]) => store.remove(keyOf(sha256)));
  return { backups: old.length, bytes: unneeded.reduce((sum, [, sizeBytes]) => sum + sizeBytes, 0) };
}

async function newestManifest(store: BlobStore): Promise<Manifest[]> {
  for (const name of (await namesOf(store)).reverse())
    try {
      return [await readManifest(store, name)];
    } catch (error) {
      // Without it, more is read and less is skipped; `backup list` names it.
      if (!(error instanceof BackupDamaged)) throw error;
    }
  return [];
}

async function readManifest(store: BlobStore, name: string): Promise<Manifest> {
  return parseManifest(await text(await store.get(`backups/${name}`)));
}

async function namesOf(store: BlobStore): Promise<string[]> {
  const names: string[] = [];
  for await (const { key } of store.list('backups')) names.push(key.slice('backups/'.length));
  return names.filter((name) => MANIFEST_NAME.test(name)).sort();
}

/** The objects of a store, with their sizes. */
async function listObjects(store: BlobStore): Promise<Map<string, number>> {
  const objects = new Map<string, number>();
  for await (const { key, sizeBytes } of store.list('objects')) {
    const sha256 = key.replace(/^.*\//s, '');
    if (SHA256.test(sha256) && key === keyOf(sha256)) objects.set(sha256, sizeBytes);
  }
  return objects;
}

/** Whether a key has the form of those that backups write, or is of a backup folder that was copied. */
function isOwn(key: string): boolean {
  const [folder, name = '', ...rest] = key.split('/');
  if (folder === 'objects') return rest.length === 1 && SHA256.test(rest[0] ?? '') && key === keyOf(rest[0] ?? '');
  if (rest.length > 0) return false;
  if (folder === 'backups') return MANIFEST_NAME.test(name);
  if (folder === 'running') return UUID.test(name);
  return key === 'lock.sqlite' || (folder === 'tmp' && (MANIFEST_NAME.test(name) || /^(\d+|database)$/.test(name)));
}

function keyOf(sha256: string): string {
  return `objects/${sha256.slice(0, 2)}/${sha256}`;
}

async function digestOf(content: Content): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of content.open() as AsyncIterable<Buffer>) hash.update(chunk);
  return hash.digest('hex');
}

function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
