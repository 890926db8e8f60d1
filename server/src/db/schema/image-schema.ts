import type { Generated } from 'kysely';

/** A tag of a repository: the authoritative record of its image. */
export interface TagTable {
  repo_id: string;
  name: string;
  /** The name in lower case, by which lists are sorted. */
  sort_name: string;
  digest: string;
  created_ms: number;
  updated_ms: number;
  pushed_by: string;
  origin: string;
  last_pulled_ms: number | null;
}

/** A tag that was removed or overwritten; its image can be restored while its manifest exists. */
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
  /** JSON, only if it has a subject. */
  annotations: string | null;
  /** Whether it can be run by itself; null for manifests of versions that did not record it. */
  is_runnable: number | null;
  first_seen_ms: number;
  pushed_ms: number;
  last_pulled_ms: number | null;
  /** How often it was sent to a client. */
  pull_count: Generated<number>;
  /** JSON: the platforms of its images; null until they were read. */
  platforms: string | null;
  /** `kept`; `hidden`, which nobody can pull; `leaving` while its bytes are removed. */
  state: string;
}

/** The manifests that an index lists. */
export interface ManifestChildTable {
  repo_id: string;
  parent: string;
  child: string;
}

/** A manifest on its way to distribution, so that a start after a crash finishes or drops the push. */
export interface ManifestPushTable {
  push_id: string;
  repo_id: string;
  digest: string;
  tag: string | null;
  pushed_by: string;
  origin: string;
  begun_ms: number;
  /** The build that pushes, and its claim of the record. Null if no build pushes. */
  build_record_id: string | null;
  build_epoch: number | null;
}

/** Something that happened, for the parts of the server that react to it. */
export interface EventTable {
  sequence: Generated<number>;
  kind: string;
  time_ms: number;
  /** JSON. */
  body: string;
}

/** How far each consumer has read. */
export interface EventCursorTable {
  consumer: string;
  sequence: number;
}
