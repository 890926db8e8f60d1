import type { BuildRecord } from '#build/build.ts';
import { updateBaseImages, updateCommit } from '#build/build-store.ts';
import type { LeaseHolder } from '#build/lease-holder.ts';
import { beatBuilds } from '#build/queue/beat-store.ts';
import {
  claimBuildRecord,
  claimCancelledRecord,
  claimUnansweredRecord,
  endBuildRecord,
  type QueueLimits,
  type RecordEnd,
} from '#build/queue/queue-store.ts';
import { takeTagTurn } from '#build/queue/tag-order-store.ts';
import { saveBuildSteps } from '#build/step-store.ts';
import { getStoredRepository } from '#repository/repository-store.ts';
import type { BuildFacts, Job, Jobs, Wanted } from './jobs.ts';
import { removeSentFolders, type SentFolderMeans } from './sent-folders.ts';

/** What jobs from the database need. */
export interface LocalJobsMeans extends SentFolderMeans {
  /** Who claims builds: the id of the node, `/`, and a name of the runner's own. */
  owner: string;
  /** How long the lease of a claimed build lasts. */
  leaseMs: number;
  /** How many builds run at once, on all runners. */
  queueLimits: QueueLimits;
  /** Runs a write; on a full disk, runs it again with space that is kept for it. */
  reserve: { write<T>(act: () => Promise<T>): Promise<T> };
  report: (message: string, error: unknown) => void;
}

/** The jobs of a runner in the process that has the database. */
export class LocalJobs implements Jobs {
  readonly #means: LocalJobsMeans;

  constructor(means: LocalJobsMeans) {
    this.#means = means;
  }

  async claim(wanted: Wanted): Promise<Job | undefined> {
    const { db, owner } = this.#means;
    const record = await this.#claimRecord(wanted);
    if (record === undefined) return undefined;
    const { buildRecordId, leaseEpoch: epoch } = record;
    const { namespaceName, name } = await getStoredRepository(db, record.instanceId, record.repoId);
    return { record, repository: `${namespaceName}/${name}`, holder: { buildRecordId, owner, epoch } };
  }

  #claimRecord(wanted: Wanted): Promise<BuildRecord | undefined> {
    const { db, owner, now, leaseMs, queueLimits } = this.#means;
    const claim = { owner, nowMs: now(), leaseMs };
    if (wanted === 'cancelled') return claimCancelledRecord(db, claim);
    if (wanted === 'runnable') return claimBuildRecord(db, claim, queueLimits);
    return claimUnansweredRecord(db, claim, wanted.unknownTo);
  }

  beat(builds: readonly LeaseHolder[], leaseMs?: number) {
    return beatBuilds(this.#means.db, builds, leaseMs);
  }

  async note(build: LeaseHolder, { commit, baseImages, steps }: BuildFacts): Promise<boolean> {
    const { db, now } = this.#means;
    if (commit !== undefined && !(await updateCommit(db, build, commit, now()))) return false;
    if (baseImages !== undefined && !(await updateBaseImages(db, build, baseImages))) return false;
    return steps === undefined || saveBuildSteps(db, build, steps);
  }

  takeTagTurn(build: LeaseHolder) {
    return takeTagTurn(this.#means.db, build);
  }

  async end({ record, holder }: Job, end: Omit<RecordEnd, 'endedMs'>): Promise<boolean> {
    const { db, now, reserve } = this.#means;
    const { isShared } = await this.#removeSent(record);
    const isEnded = await reserve.write(() => endBuildRecord(db, holder, { ...end, endedMs: now() }));
    // Two builds that end at the same time each leave a folder to the other: the last to end removes it here.
    if (isEnded && isShared) await this.#removeSent(record);
    return isEnded;
  }

  /** If it fails, the build still ends, and the error is reported. */
  async #removeSent(record: BuildRecord): Promise<{ isShared: boolean }> {
    return removeSentFolders(this.#means, record).catch((error: unknown) => {
      this.#means.report(`the folders that were sent for build ${record.buildRecordId} could not be removed`, error);
      return { isShared: false };
    });
  }
}
