import type { Generated } from 'kysely';

/** Periodic work that one node does for all. */
export interface DutyTable {
  name: string;
  node_id: string;
  until_ms: number;
}

/** A server that uses this database. */
export interface ServerNodeTable {
  node_id: string;
  /** The name of its machine. */
  host: string;
  version: string;
  /** When it was last there, by the database's clock. */
  seen_ms: number;
}

/** Background work of the server. `lease_owner` runs it until `lease_until_ms`. */
export interface JobTable {
  sequence: Generated<number>;
  job_id: string;
  kind: string;
  /** JSON: the subject of the job, in the form of its kind. */
  subject: string;
  /** Of the jobs of a kind with the same value, at most one is PENDING or RUNNING. */
  once: string | null;
  /** Higher runs sooner. */
  priority: number;
  /** PENDING, RUNNING, DONE, FAILED or CANCELED. */
  state: string;
  /** How many attempts were begun. */
  attempt: number;
  not_before_ms: number;
  cancel_requested: number;
  /** JSON: the result if it is DONE, the reason if it FAILED. */
  result: string | null;
  created_ms: number;
  started_ms: number | null;
  ended_ms: number | null;
  lease_owner: string | null;
  lease_until_ms: number | null;
}
