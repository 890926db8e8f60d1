import type { BaseImage, BuildRecord } from '#build/build.ts';
import type { BuildStep } from '#build/build-step.ts';
import type { LeaseHolder } from '#build/lease-holder.ts';
import type { BuildOrders } from '#build/queue/beat-store.ts';
import type { RecordEnd } from '#build/queue/queue-store.ts';
import type { TagTurn } from '#build/queue/tag-order-store.ts';

/**
 * Where a runner gets its builds, and where it says what becomes of them. A runner does nothing else with records, so it need not be
 * where the database is. Each call names who holds the record: once another does, it changes nothing and says so. A call whose
 * answer was lost can be repeated, and then has no second effect.
 */
export interface Jobs {
  /** Claims a build. Undefined if there is none. */
  claim(wanted: Wanted): Promise<Job | undefined>;
  /** What to do about running builds. Their leases are renewed for `leaseMs` from now, if it is given. */
  beat(builds: readonly LeaseHolder[], leaseMs?: number): Promise<BuildOrders>;
  /** Records what became known about a build. Returns false if the holder lost it. */
  note(build: LeaseHolder, facts: BuildFacts): Promise<boolean>;
  /** Takes a build's turn to move its tag, as `takeTagTurn` of the queue does. */
  takeTagTurn(build: LeaseHolder): Promise<TagTurn | undefined>;
  /** Makes a record final now, and removes the folders that were sent for it. Returns false if the holder lost it. */
  end(job: Job, end: Omit<RecordEnd, 'endedMs'>): Promise<boolean>;
}

/**
 * Which build to claim. `cancelled`: the oldest that waits, was cancelled and only has to be ended. `runnable`: the next that may run.
 * `unknownTo`: one that the runner holds and that is not among these ids, because the answer to an earlier claim was lost.
 */
export type Wanted = 'cancelled' | 'runnable' | { unknownTo: readonly string[] };

/** A claimed build. */
export interface Job {
  record: BuildRecord;
  /** `namespace/name`. */
  repository: string;
  holder: LeaseHolder;
}

/** What a build finds out about itself while it runs. */
export interface BuildFacts {
  commit?: { commitId: string; author: string; message: string };
  baseImages?: readonly BaseImage[];
  /** The steps that changed. */
  steps?: readonly BuildStep[];
}
