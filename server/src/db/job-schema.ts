import type { Generated } from 'kysely';

/** Work that the server does by itself. `lease_owner` runs it until `lease_until_ms`. */
export interface JobTable {
  sequence: Generated<number>;
  job_id: string;
  kind: string;
  /** JSON: what the job is about, in the words of its kind. */
  subject: string;
  /** Of the jobs of a kind that have the same, one at most is PENDING or RUNNING. */
  once: string | null;
  /** The higher, the sooner. */
  priority: number;
  /** PENDING, RUNNING, DONE, FAILED or CANCELED. */
  state: string;
  /** How often it was begun. */
  attempt: number;
  not_before_ms: number;
  cancel_requested: number;
  /** JSON: of one that is DONE what it gave, of one that FAILED why. */
  result: string | null;
  created_ms: number;
  started_ms: number | null;
  ended_ms: number | null;
  lease_owner: string | null;
  lease_until_ms: number | null;
}
