import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, opendir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDigest } from '#image/image.ts';

/** Requests that meet a link that is not whole are sent again this often at most. */
export const LINK_ATTEMPTS = 5;

/**
 * Distribution's storage, read directly from its folder: which manifests a repository holds, the files of layers, and the
 * tags from before they were kept in our own table. Links that a crash left empty are written again. https://github.com/distribution/distribution/blob/v2.8.2/registry/storage/paths.go
 */
export class ChildStorage {
  readonly #root: string;

  /** `folder` is the registry's folder, in which distribution puts its storage. */
  constructor(folder: string) {
    this.#root = join(folder, 'storage', 'docker', 'registry', 'v2');
  }

  /** Removes everything of a repository except its blobs, which others may share. */
  async removeRepository(repository: string): Promise<void> {
    await rm(this.#repositoryFolder(repository), { recursive: true, force: true });
  }

  /** The digests of the manifests of a repository, in no particular order. */
  async *manifests(repository: string): AsyncGenerator<string> {
    const folder = join(this.#repositoryFolder(repository), '_manifests', 'revisions', 'sha256');
    for await (const hex of namesIn(folder)) {
      const digest = `sha256:${hex}`;
      // A deleted manifest leaves its folder without the link.
      if (isDigest(digest) && (await isThere(join(folder, hex, 'link')))) yield digest;
    }
  }

  /** Writes the links of these digests again that are there but not whole. */
  async complete(repository: string, digests: readonly string[]): Promise<void> {
    const folder = this.#repositoryFolder(repository);
    for (const digest of digests) {
      const hex = digest.replace('sha256:', '');
      for (const kind of ['_layers', '_manifests/revisions'])
        await completeLink(join(folder, kind, 'sha256', hex, 'link'), digest);
    }
  }

  /** The same for all manifests of all repositories. */
  async completeManifests(): Promise<void> {
    const root = join(this.#root, 'repositories');
    for await (const namespace of namesIn(root))
      for await (const name of namesIn(join(root, namespace))) {
        const repository = `${namespace}/${name}`;
        for await (const digest of this.manifests(repository)) await this.complete(repository, [digest]);
      }
  }

  /** Distribution's tags, each with the time when it was set. */
  async *tags(repository: string): AsyncGenerator<{ tag: string; digest: string; setMs: number }> {
    const folder = join(this.#repositoryFolder(repository), '_manifests', 'tags');
    for await (const tag of namesIn(folder)) {
      const link = join(folder, tag, 'current', 'link');
      const digest = await textOf(link);
      if (digest !== undefined && isDigest(digest))
        yield { tag, digest, setMs: Math.trunc((await stat(link)).mtimeMs) };
    }
  }

  /** The bytes of a blob of at most `limitBytes`; undefined if it is larger or does not exist. */
  async readBlob(digest: string, limitBytes: number): Promise<Buffer | undefined> {
    const pieces: Buffer[] = [];
    try {
      const file = this.blobFile(digest);
      if ((await stat(file)).size > limitBytes) return undefined;
      for await (const piece of createReadStream(file)) pieces.push(piece);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    return Buffer.concat(pieces);
  }

  /** The file of a layer or configuration of a repository; undefined if the repository does not have it. */
  async openBlob(repository: string, digest: string): Promise<FileHandle | undefined> {
    const hex = digest.replace('sha256:', '');
    if (!(await isThere(join(this.#repositoryFolder(repository), '_layers', 'sha256', hex, 'link')))) return undefined;
    try {
      return await open(this.blobFile(digest));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** The size of a blob; 0 if it does not exist. */
  async blobBytes(digest: string): Promise<number> {
    try {
      return (await stat(this.blobFile(digest))).size;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
      throw error;
    }
  }

  #repositoryFolder(repository: string): string {
    return join(this.#root, 'repositories', ...repository.split('/'));
  }

  /** The file of a blob, there or not. */
  blobFile(digest: string): string {
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

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
