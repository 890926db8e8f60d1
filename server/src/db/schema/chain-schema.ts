import type { Generated } from 'kysely';

/** A delivery chain of a repository or a namespace, which `scope_id` names. */
export interface ChainTable {
  sequence: Generated<number>;
  chain_id: string;
  instance_id: string;
  name: string;
  description: string | null;
  scope_type: string;
  scope_id: string;
  namespace_name: string;
  repo_name: string | null;
  /** JSON: as they were sent. */
  scope_exclude: string;
  config_id: string;
  created_ms: number;
  modified_ms: number;
}

/** What a chain was from one event to another. Stays while an instance of it is kept, also after the chain was deleted. */
export interface ChainVersionTable {
  config_id: string;
  chain_id: string;
  instance_id: string;
  scope_id: string;
  name: string;
  version: number;
  scope_exclude: string;
  /** JSON. */
  config: string;
  /** It is for events after this one. */
  after_sequence: number;
  /** It is for no event after this one. Null while it is the current version. */
  until_sequence: number | null;
  author: string;
}

/** A walk of one tag through a version of a chain. */
export interface ChainInstanceTable {
  sequence: Generated<number>;
  chain_instance_id: string;
  instance_id: string;
  repo_id: string;
  config_id: string;
  tag: string;
  digest: string;
  /** JSON: the body of the event that began it. */
  event: string;
  event_sequence: number;
  event_ms: number;
  status: string;
  result: string | null;
  reason: string | null;
  /** The node at which it waits. */
  node: string | null;
  scan_id: string | null;
  scan_attempt: number;
  started_ms: number;
  ended_ms: number | null;
}
