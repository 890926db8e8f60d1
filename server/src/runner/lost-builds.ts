import { takeOverLostRecord } from '#build/queue/queue-store.ts';
import { TakeoverGuard } from '#db/takeover-guard.ts';
import { endLostBuild, type RecoveryMeans, TAKE_OVER_MS, WORKER_LOST } from './recover.ts';

/** What ending lost builds needs. */
export interface LostBuildsMeans extends RecoveryMeans {
  /** Who takes them over: the id of the node, `/`, and a name of its own, which no runner has. */
  owner: string;
  monotonicMs: () => number;
  leaseMs: number;
}

/** Ends builds whose runners died, whichever node ran them. */
export class LostBuilds {
  readonly #means: LostBuildsMeans;
  readonly #guard: TakeoverGuard;

  constructor(means: LostBuildsMeans) {
    this.#means = means;
    this.#guard = new TakeoverGuard(means.monotonicMs, means.leaseMs);
  }

  /** Called after the database answered. Ends lost builds until `isOver`; those in `running` are alive, however late their leases are. */
  async end(running: readonly string[], isOver: () => boolean): Promise<void> {
    if (!this.#guard.answered()) return;
    const { db, owner, now, leaseMs } = this.#means;
    while (!isOver()) {
      const claim = { owner, nowMs: now(), leaseMs };
      const lost = await takeOverLostRecord(db, claim, TAKE_OVER_MS, running);
      if (!lost) return;
      const { buildRecordId, leaseEpoch: epoch } = lost.record;
      await endLostBuild(this.#means, { ...lost, holder: { buildRecordId, owner, epoch }, reason: WORKER_LOST });
    }
  }
}
