import type { Generated } from 'kysely';

/** Advisories of one origin, imported together; a newer set of the same name takes its place. */
export interface AdvisorySetTable {
  set_id: string;
  instance_id: string;
  name: string;
  source: string;
  /** `open` while it is sent, `published`, `replaced`. */
  state: string;
  created_by: string;
  /** How new the data is. */
  data_ms: number;
  created_ms: number;
  published_ms: number | null;
  advisory_count: Generated<number>;
}

export interface AdvisoryTable {
  sequence: Generated<number>;
  set_id: string;
  ecosystem: string;
  package: string;
  /** JSON. */
  body: string;
}

/** A scan of an image: the last ones of a repository's digest are kept. */
export interface ScanTable {
  sequence: Generated<number>;
  scan_id: string;
  instance_id: string;
  repo_id: string;
  digest: string;
  scan_type: string;
  status: string;
  /** Why it failed. */
  reason: string | null;
  requested_by: string;
  created_ms: number;
  ended_ms: number | null;
  scanner: string;
  database_version: string | null;
  database_ms: number | null;
  /** JSON: `{High, Medium, Low, Unknown}`. */
  counts: string | null;
  /** JSON: ecosystems of which no advisories are known. */
  unchecked: string | null;
  author: string;
}

export interface ScanFindingTable {
  scan_id: string;
  /** From 0, the most severe first. */
  position: number;
  name: string;
  severity: string;
  kind: string;
  /** What a search looks at, in lower case. */
  search: string;
  /** JSON. */
  body: string;
}

/** Which images are scanned when a tag is set. Lists are JSON. */
export interface ScanRuleTable {
  sequence: Generated<number>;
  rule_id: string;
  instance_id: string;
  name: string;
  scope: string;
  namespaces: string;
  repo_names: string;
  tag_pattern: string;
  trigger_type: string;
  scan_type: string;
  created_ms: number;
  modified_ms: number;
  author: string;
}
