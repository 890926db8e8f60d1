import type { Generated } from 'kysely';

/** An address that events are sent to, of a trigger or an event rule of the same id. */
export interface ReceiverTable {
  receiver_id: string;
  sealed_url: string;
  /** `host:port`, in the clear, so that one host cannot have all connections. */
  origin: string;
  sealed_secret: string | null;
  /** When its first waiting delivery is tried; null if none waits. */
  next_ms: number | null;
  /** The first failed attempt since the last good one. */
  failing_since_ms: number | null;
}

/** One event for one receiver. */
export interface DeliveryTable {
  /** The order in which a receiver gets them. */
  sequence: Generated<number>;
  delivery_id: string;
  receiver_id: string;
  event_sequence: number;
  event_type: string;
  namespace_name: string;
  repo_name: string;
  tag: string;
  body: string;
  content_type: string;
  /** `waiting`, `delivered`, `failed`, or `untriggered`, which is sent nowhere. */
  state: string;
  attempts: number;
  created_ms: number;
  /** The last attempt: its time, and the HTTP status with the beginning of the reply, or why there was none. */
  tried_ms: number | null;
  status: number | null;
  reply: string | null;
  failure: string | null;
}

/** A trigger of a repository. */
export interface RepoTriggerTable {
  trigger_id: string;
  repo_id: string;
  name: string;
  /** As it was sent. */
  type: string;
  tag: string;
  created_ms: number;
  modified_ms: number;
  author: string;
}

/** A rule of the event center. */
export interface EventRuleTable {
  rule_id: string;
  instance_id: string;
  name: string;
  event_type: string;
  scope: string;
  /** JSON. */
  namespaces: string;
  /** JSON. */
  repo_names: string;
  /** As it was sent. */
  tag_pattern: string;
  method: string;
  created_ms: number;
  modified_ms: number;
  author: string;
}
