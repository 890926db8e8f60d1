import type { ChildRegistry } from '#registry/distribution/child-registry.ts';

/** A manifest as it is sent. */
export interface SentManifest {
  bytes: Buffer;
  mediaType: string;
}

/** What is kept: manifests that many machines pull at once are small. */
const LIMITS = { totalBytes: 16 * 2 ** 20, eachBytes: 256 * 1024, entries: 10_000 };

/**
 * Manifests by their digest, which is that of their content: so an entry is never stale. Whether a repository has a manifest, and who may
 * pull it, is decided before. Keeps the ones that were asked for last.
 */
export class ManifestCache {
  readonly #child: Pick<ChildRegistry, 'readManifest'>;
  readonly #kept = new Map<string, SentManifest>();
  #bytes = 0;

  constructor(child: Pick<ChildRegistry, 'readManifest'>) {
    this.#child = child;
  }

  /** The manifest of a repository that has it; undefined if distribution lost it. */
  async read(repository: string, digest: string): Promise<SentManifest | undefined> {
    const kept = this.#kept.get(digest);
    if (kept !== undefined) {
      this.#kept.delete(digest);
      this.#kept.set(digest, kept);
      return kept;
    }
    const read = await this.#child.readManifest(repository, digest);
    if (read !== undefined && read.bytes.length <= LIMITS.eachBytes) this.#keep(digest, read);
    return read;
  }

  #keep(digest: string, manifest: SentManifest): void {
    if (this.#kept.has(digest)) return;
    this.#kept.set(digest, manifest);
    this.#bytes += manifest.bytes.length;
    for (const [oldest, { bytes }] of this.#kept) {
      if (this.#bytes <= LIMITS.totalBytes && this.#kept.size <= LIMITS.entries) return;
      this.#kept.delete(oldest);
      this.#bytes -= bytes.length;
    }
  }
}
