import type { Generated } from 'kysely';

/** A tag of a repository: the truth about what its name stands for. */
export interface TagTable {
  repo_id: string;
  name: string;
  /** The name in lower case: lists go by it. */
  sort_name: string;
  digest: string;
  created_ms: number;
  updated_ms: number;
  pushed_by: string;
  origin: string;
  last_pulled_ms: number | null;
}

/** A tag that is no more, or that stands for something else now; the image can be found again while its manifest is there. */
export interface TagRemovedTable {
  sequence: Generated<number>;
  repo_id: string;
  name: string;
  digest: string;
  created_ms: number;
  removed_ms: number;
  removed_by: string;
  why: string;
}

export interface ManifestTable {
  repo_id: string;
  digest: string;
  media_type: string;
  artifact_type: string | null;
  size_bytes: number;
  config_digest: string | null;
  total_bytes: number;
  /** JSON: `[digest, bytes]` of each of its own blobs. */
  blobs: string;
  subject: string | null;
  /** JSON, only of one with a subject. */
  annotations: string | null;
  first_seen_ms: number;
  pushed_ms: number;
  last_pulled_ms: number | null;
  /** `kept`; `hidden`, which nobody can pull; `leaving` while its bytes are removed. */
  state: string;
}

/** What an index lists. */
export interface ManifestChildTable {
  repo_id: string;
  parent: string;
  child: string;
}

/** A manifest on its way to distribution, so that a start after a crash ends the push or drops it. */
export interface ManifestPushTable {
  push_id: string;
  repo_id: string;
  digest: string;
  tag: string | null;
  pushed_by: string;
  origin: string;
  begun_ms: number;
}

/** Something that happened, for those parts of the server that act on it. */
export interface EventTable {
  sequence: Generated<number>;
  kind: string;
  time_ms: number;
  /** JSON. */
  body: string;
}

/** How far each part has come. */
export interface EventCursorTable {
  consumer: string;
  sequence: number;
}
