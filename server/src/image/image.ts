/** How a tag was set to its image; `retag` is by a delivery chain that denied another one. */
export type Origin = 'push' | 'build' | 'copy' | 'sync' | 'subscription' | 'convert' | 'restore' | 'retag' | 'adopted';

/** The build that pushes an image, and its claim of the record: a later claim has a higher epoch. */
export interface PushingBuild {
  buildRecordId: string;
  epoch: number;
}

/** Why a tag is no longer there, or has another image. */
export type Removal = 'deleted' | 'replaced' | 'subject' | 'repository' | 'lifecycle' | 'denied';

/** A tag of a repository, with the facts about its manifest. */
export interface TaggedImage {
  name: string;
  digest: string;
  createdMs: number;
  updatedMs: number;
  pushedBy: string;
  origin: Origin;
  lastPulledMs: number | undefined;
  /** How often its image was sent to a client, by whichever tag or by its digest. */
  pullCount: number;
  /** The platforms of its image; undefined until they were read. */
  platforms: string[] | undefined;
  /** Hex of the configuration's digest; empty for an index and for one of unknown kind. */
  imageId: string;
  /** Configuration and layers as they are transferred, each once; for an index, those of all its images. */
  sizeBytes: number;
  mediaType: string;
}

/** A tag that was removed, and whose image can still be restored. */
export interface RemovedTag {
  name: string;
  digest: string;
  removedMs: number;
  removedBy: string;
  why: Removal;
}

/** Who changes a repository's tags, and how. */
export interface Actor {
  /** The ARN of a caller, or `build`. */
  by: string;
  nowMs: number;
}

/** Whether a text is a digest that this registry accepts. */
export function isDigest(text: string): boolean {
  return /^sha256:[0-9a-f]{64}$/.test(text);
}

/** The one tag that may always be overwritten. */
export const MUTABLE_TAG = 'latest';

/**
 * How clients that do not use the referrers API name what they say of an image: after its digest. A list of referrers has no ending
 * (https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#referrers-tag-schema), the others are cosign’s.
 */
export function referrerTags(digest: string): string[] {
  return ['', '.sig', '.att', '.sbom'].map((ending) => `${digest.replace(':', '-')}${ending}`);
}

/** The digest of the image that a tag describes, by the schema for registries without the referrers API: https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#referrers-tag-schema */
export function subjectOfTag(tag: string): string | undefined {
  const hex = /^sha256-([0-9a-f]{64})(?:\.|$)/.exec(tag)?.[1];
  return hex === undefined ? undefined : `sha256:${hex}`;
}
