/** How a tag came to stand for its image. */
export type Origin = 'push' | 'build' | 'copy' | 'restore' | 'adopted';

/** Why a tag is not there any more, or stands for another image. */
export type Removal = 'deleted' | 'replaced' | 'subject' | 'repository';

/** A tag of a repository, with what is known of the manifest that it stands for. */
export interface TaggedImage {
  name: string;
  digest: string;
  createdMs: number;
  updatedMs: number;
  pushedBy: string;
  origin: Origin;
  lastPulledMs: number | undefined;
  /** Hex of the configuration's digest; empty for an index and for one of unknown kind. */
  imageId: string;
  /** Configuration and layers as they are transferred, each once; of an index those of all its images. */
  sizeBytes: number;
  mediaType: string;
}

/** A tag that was taken away, while its image can be put back. */
export interface RemovedTag {
  name: string;
  digest: string;
  removedMs: number;
  removedBy: string;
  why: Removal;
}

/** Who does something to a repository's tags, and how. */
export interface Actor {
  /** The ARN of a caller, or `build`. */
  by: string;
  nowMs: number;
}

/** Whether a text is a digest as this registry knows them. */
export function isDigest(text: string): boolean {
  return /^sha256:[0-9a-f]{64}$/.test(text);
}

/** The one tag that may always be set anew. */
export const MUTABLE_TAG = 'latest';
