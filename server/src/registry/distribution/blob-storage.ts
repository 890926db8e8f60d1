import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { BlobStore } from '#blob/blob.ts';
import { isDigest } from '#image/image.ts';
import type { ImageStorage } from './image-storage.ts';

/** Distribution has its storage below this key. */
const ROOT = 'docker/registry/v2';
const BLOBS = `${ROOT}/blobs/sha256`;

/**
 * Distribution's storage in a store of objects. Requests of clients need no list, which a store may make late. https://github.com/distribution/distribution/blob/v2.8.2/registry/storage/paths.go
 */
export function blobStorage(blobs: BlobStore): ImageStorage {
  const folderOf = (repository: string) => `${ROOT}/repositories/${repository}`;
  const layerLink = (repository: string, digest: string) => `${folderOf(repository)}/_layers/${linkOf(digest)}`;
  const revisions = (repository: string) => `${folderOf(repository)}/_manifests/revisions`;
  const linked = async function* (folder: string): AsyncGenerator<string> {
    for await (const { key } of blobs.list(folder)) {
      const hex = /^\/sha256\/([0-9a-f]{64})\/link$/.exec(key.slice(folder.length))?.[1];
      if (hex !== undefined) yield `sha256:${hex}`;
    }
  };
  return {
    async openBlob(repository, digest) {
      const key = blobKey(digest);
      const [link, object] = await Promise.all([blobs.head(layerLink(repository, digest)), blobs.head(key)]);
      if (link === undefined || object === undefined) return undefined;
      return {
        sizeBytes: object.sizeBytes,
        async begin(fromByte, lengthBytes) {
          const part = await blobs.get(key, { fromByte, toByte: fromByte + lengthBytes });
          return (client) => sendAll(part, client);
        },
        close: async () => undefined,
      };
    },
    async readBlob(digest, limitBytes) {
      const object = await blobs.head(blobKey(digest));
      if (object === undefined || object.sizeBytes > limitBytes) return undefined;
      return buffer(await blobs.get(blobKey(digest)));
    },
    async blobBytes(digest) {
      return (await blobs.head(blobKey(digest)))?.sizeBytes ?? 0;
    },
    async layerFiles(digests, scratch) {
      const folder = await mkdtemp(join(scratch, 'layers-'));
      const remove = () => rm(folder, { recursive: true, force: true });
      try {
        const files: string[] = [];
        for (const digest of digests) {
          const file = join(folder, randomUUID());
          await pipeline(await blobs.get(blobKey(digest)), createWriteStream(file, { flags: 'wx' }));
          files.push(file);
        }
        return { files, [Symbol.asyncDispose]: remove };
      } catch (error) {
        await remove();
        throw error;
      }
    },
    async complete(repository, digests) {
      for (const digest of digests)
        for (const key of [layerLink(repository, digest), `${revisions(repository)}/${linkOf(digest)}`]) {
          const link = await blobs.head(key);
          if (link !== undefined && link.sizeBytes !== digest.length)
            await blobs.put(key, Readable.from([Buffer.from(digest)]), { limitBytes: digest.length });
        }
    },
    async removeManifest(repository, digest) {
      await blobs.remove(`${revisions(repository)}/${linkOf(digest)}`);
    },
    manifests: (repository) => linked(revisions(repository)),
    layers: (repository) => linked(`${folderOf(repository)}/_layers`),
    async *blobs() {
      for await (const { key, sizeBytes, modifiedMs } of blobs.list(BLOBS)) {
        const hex = /\/([0-9a-f]{64})\/data$/.exec(key)?.[1];
        if (hex !== undefined) yield { digest: `sha256:${hex}`, sizeBytes, modifiedMs };
      }
    },
    async *tags(repository) {
      for await (const { key, modifiedMs } of blobs.list(`${folderOf(repository)}/_manifests/tags`)) {
        const tag = /\/_manifests\/tags\/([^/]+)\/current\/link$/.exec(key)?.[1];
        if (tag === undefined) continue;
        const digest = (await buffer(await blobs.get(key))).toString();
        if (isDigest(digest)) yield { tag, digest, setMs: Math.trunc(modifiedMs) };
      }
    },
    async removeRepository(repository) {
      for await (const { key } of blobs.list(folderOf(repository))) await blobs.remove(key);
    },
  };
}

/** The key of a blob, there or not. */
export function blobKey(digest: string): string {
  const hex = digest.replace('sha256:', '');
  return `${BLOBS}/${hex.slice(0, 2)}/${hex}/data`;
}

function linkOf(digest: string): string {
  return `${digest.replace(':', '/')}/link`;
}

/** Ends early if the client leaves, and then reads no more of the object. */
async function sendAll(part: Readable, client: NodeJS.WritableStream & { destroyed?: boolean }): Promise<void> {
  try {
    await pipeline(part, client, { end: false });
  } catch (error) {
    if (client.destroyed !== true) throw error;
  } finally {
    part.destroy();
  }
}
