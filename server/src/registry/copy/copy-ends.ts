import type { Readable } from 'node:stream';
import type { Blob } from '#image/manifest.ts';
import type { SaidOfImage } from '#image/referrer-store.ts';

/** Where images are copied from. Each call throws RegistryError, and an Error where this server itself is at fault. */
export interface CopySource {
  /** `namespace/name`, of a repository of this server: targets of this server share its layers. */
  readonly ownRepository?: string;
  /** What is said of manifests: referrers, and images of tags that are named after them. Absent where nobody asks. */
  listReferrers?(digests: readonly string[]): AsyncIterable<SaidOfImage>;
  /** The bytes of a tag or digest as they came, of at most `limitBytes`. */
  readManifest(reference: string, limitBytes: number, signal: AbortSignal): Promise<SentManifest>;
  /** The bytes of a layer as they came: nobody checked them. */
  readBlob(digest: string, signal: AbortSignal): Promise<Readable>;
}

/** Where images are copied to. Throws as the source does. */
export interface CopyTarget {
  /** The digest that a tag points to; undefined for a tag that does not exist. */
  findTag(tag: string, signal: AbortSignal): Promise<string | undefined>;
  /** Whether a manifest is there, and so everything that it lists. */
  hasManifest(digest: string, mediaType: string, signal: AbortSignal): Promise<boolean>;
  hasBlob(digest: string, signal: AbortSignal): Promise<boolean>;
  /** Uses a layer of another repository of this server. False where it cannot. */
  mountBlob?(digest: string, from: string, signal: AbortSignal): Promise<boolean>;
  writeBlob(blob: Blob, body: Readable, signal: AbortSignal): Promise<void>;
  /** Stores a manifest under a tag, or under its digest. */
  putManifest(reference: string, manifest: SentManifest, signal: AbortSignal): Promise<void>;
}

export interface SentManifest {
  bytes: Buffer;
  /** As the registry named it. */
  mediaType: string;
}
