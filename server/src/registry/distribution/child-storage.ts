import { randomUUID } from 'node:crypto';
import { createReadStream, type Stats } from 'node:fs';
import { open, opendir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDigest } from '#image/image.ts';
import { fileLayer } from './file-layer.ts';
import type { ImageStorage, LayerFiles, StoredBlob, StoredLayer } from './image-storage.ts';

/** Requests that meet a link that is not whole are sent again this often at most. */
export const LINK_ATTEMPTS = 5;

/**
 * Distribution's storage, read directly from its folder: which manifests a repository holds, the files of layers, and the
 * tags from before they were kept in our own table. Links that a crash left empty are written again. https://github.com/distribution/distribution/blob/v2.8.2/registry/storage/paths.go
 */
export class ChildStorage implements ImageStorage {
  readonly #root: string;

  /** `folder` is the registry's folder, in which distribution puts its storage. */
  constructor(folder: string) {
    this.#root = join(folder, 'storage', 'docker', 'registry', 'v2');
  }

  async removeRepository(repository: string): Promise<void> {
    await rm(this.#repositoryFolder(repository), { recursive: true, force: true });
  }

  manifests(repository: string): AsyncGenerator<string> {
    return this.#linked(repository, '_manifests/revisions');
  }

  layers(repository: string): AsyncGenerator<string> {
    return this.#linked(repository, '_layers');
  }

  async *#linked(repository: string, kind: '_manifests/revisions' | '_layers'): AsyncGenerator<string> {
    const folder = join(this.#repositoryFolder(repository), kind, 'sha256');
    for await (const hex of namesIn(folder)) {
      const digest = `sha256:${hex}`;
      // A deleted manifest leaves its folder without the link.
      if (isDigest(digest) && (await isThere(join(folder, hex, 'link')))) yield digest;
    }
  }

  async *blobs(): AsyncGenerator<StoredBlob> {
    const root = join(this.#root, 'blobs', 'sha256');
    for await (const start of namesIn(root))
      for await (const hex of namesIn(join(root, start))) {
        const digest = `sha256:${hex}`;
        const file = isDigest(digest) ? await statOf(this.#blobFile(digest)) : undefined;
        if (file !== undefined) yield { digest, sizeBytes: file.size, modifiedMs: file.mtimeMs };
      }
  }

  async complete(repository: string, digests: readonly string[]): Promise<void> {
    const folder = this.#repositoryFolder(repository);
    for (const digest of digests) {
      const hex = digest.replace('sha256:', '');
      for (const kind of ['_layers', '_manifests/revisions'])
        await completeLink(join(folder, kind, 'sha256', hex, 'link'), digest);
    }
  }

  async removeManifest(repository: string, digest: string): Promise<void> {
    const hex = digest.replace('sha256:', '');
    await rm(join(this.#repositoryFolder(repository), '_manifests/revisions/sha256', hex, 'link'), { force: true });
  }

  /** Completes the links of all manifests of all repositories. */
  async completeManifests(): Promise<void> {
    const root = join(this.#root, 'repositories');
    for await (const namespace of namesIn(root))
      for await (const name of namesIn(join(root, namespace))) {
        const repository = `${namespace}/${name}`;
        for await (const digest of this.manifests(repository)) await this.complete(repository, [digest]);
      }
  }

  async *tags(repository: string): AsyncGenerator<{ tag: string; digest: string; setMs: number }> {
    const folder = join(this.#repositoryFolder(repository), '_manifests', 'tags');
    for await (const tag of namesIn(folder)) {
      const link = join(folder, tag, 'current', 'link');
      const digest = await textOf(link);
      if (digest !== undefined && isDigest(digest))
        yield { tag, digest, setMs: Math.trunc((await stat(link)).mtimeMs) };
    }
  }

  async readBlob(digest: string, limitBytes: number): Promise<Buffer | undefined> {
    const pieces: Buffer[] = [];
    try {
      const file = this.#blobFile(digest);
      if ((await stat(file)).size > limitBytes) return undefined;
      for await (const piece of createReadStream(file)) pieces.push(piece);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    return Buffer.concat(pieces);
  }

  async openBlob(repository: string, digest: string): Promise<StoredLayer | undefined> {
    const hex = digest.replace('sha256:', '');
    if (!(await isThere(join(this.#repositoryFolder(repository), '_layers', 'sha256', hex, 'link')))) return undefined;
    try {
      return await fileLayer(await open(this.#blobFile(digest)));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  async blobBytes(digest: string): Promise<number> {
    return (await statOf(this.#blobFile(digest)))?.size ?? 0;
  }

  /** The files of blobs, there or not. */
  async layerFiles(digests: readonly string[]): Promise<LayerFiles> {
    const files = digests.map((digest) => this.#blobFile(digest));
    return { files, [Symbol.asyncDispose]: async () => undefined };
  }

  #repositoryFolder(repository: string): string {
    return join(this.#root, 'repositories', ...repository.split('/'));
  }

  #blobFile(digest: string): string {
    const hex = digest.replace('sha256:', '');
    return join(this.#root, 'blobs', 'sha256', hex.slice(0, 2), hex, 'data');
  }
}

async function* namesIn(folder: string): AsyncGenerator<string> {
  try {
    for await (const { name } of await opendir(folder)) yield name;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** A link holds its own digest, so two writers write the same. */
async function completeLink(link: string, digest: string): Promise<void> {
  const text = await textOf(link);
  if (text === undefined || text === digest) return;
  const made = `${link}.${randomUUID()}`;
  await writeFile(made, digest, { mode: 0o600, flush: true });
  await rename(made, link);
}

async function isThere(file: string): Promise<boolean> {
  return (await textOf(file)) !== undefined;
}

async function statOf(file: string): Promise<Stats | undefined> {
  try {
    return await stat(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
