import { randomUUID } from 'node:crypto';
import type { BuildRecord } from '#build/build.ts';
import { listCancelRequested } from '#build/queue/cancel-store.ts';
import {
  type Claim,
  claimBuildRecord,
  claimCancelledRecord,
  type QueueLimits,
  takeOverLostRecord,
} from '#build/queue/queue-store.ts';
import type { RemoteRefs } from '#source/remote-refs.ts';
import type { SourceBinding } from '#source/source.ts';
import { cleanUpPatiently } from './clean-up.ts';
import { cancelled, serverStopped, timedOut } from './failure/build-failed.ts';
import { Lease, type LeaseStart } from './lease.ts';
import { MachineTrial } from './machine-trial.ts';
import { endLostBuild, TAKE_OVER_MS, WORKER_LOST } from './recover.ts';
import { listRemoteRefs } from './remote-refs.ts';
import { runToEnd, type ToEndMeans } from './run-to-end.ts';
import { TakeoverGuard } from './takeover-guard.ts';

/** What the runner needs. */
export interface RunnerMeans extends ToEndMeans {
  /** Names this runner in leases: the id of its node, `/`, and a name of its own. */
  owner: string;
  nodeId: string;
  /** How many builds this runner runs at once. */
  concurrentBuilds: number;
  /** How many builds run at once, on all runners. */
  queueLimits: QueueLimits;
  /** Why no build starts for now; undefined if they start. */
  waitReason: () => Promise<string | undefined>;
}

type TimedClaim = Claim & { start: LeaseStart };

const POLL_MS = 500;
const LEASE_MS = 60_000;

/**
 * Takes PENDING records one after another and runs them to a final status. The record is the job: it is claimed in the
 * database, so any number of runners can share the work; `wake` only saves the wait until the next poll.
 */
export class Runner {
  readonly #means: RunnerMeans;
  readonly #running = new Map<string, { abort: AbortController; done: Promise<void>; takesSlot: boolean }>();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #lookAgain = false;
  #draining = false;
  #graceIsOver = false;
  #isDrained = false;
  readonly #takeoverGuard: TakeoverGuard;
  readonly #machine: MachineTrial;

  constructor(means: RunnerMeans) {
    this.#means = means;
    this.#takeoverGuard = new TakeoverGuard(means.monotonicMs, LEASE_MS);
    this.#machine = new MachineTrial(means);
  }

  start(): void {
    this.#timer = setInterval(() => this.wake(), POLL_MS);
    this.wake();
  }

  /**
   * What keeps this server from building: what the machine lacks, once a build has tested it, and why builds wait. A server without
   * builds only says that it is stopping.
   */
  problems = async (): Promise<readonly string[]> => {
    const matters = this.#means.concurrentBuilds > 0 || this.#draining;
    const waitReason = matters ? await this.#means.waitReason() : undefined;
    return [...(waitReason === undefined ? [] : [waitReason]), ...(await this.#machine.problems())];
  };

  /** The platforms that this machine builds for. */
  platforms = () => this.#machine.platforms();

  /** What a source has, as a build would find it. */
  remoteRefs = (binding: SourceBinding): Promise<RemoteRefs> =>
    listRemoteRefs(
      { ...this.#means, newId: randomUUID, cleanUp: (id) => cleanUpPatiently(this.#means.sandbox, id) },
      binding,
    );

  /** Polls for work now. */
  wake(): void {
    if (this.#isDrained) return;
    if (this.#looking) {
      this.#lookAgain = true;
      return;
    }
    this.#looking = this.#look()
      .catch((error: unknown) => this.#means.report('the runner could not look for builds', error))
      .finally(() => {
        this.#looking = undefined;
        if (!this.#lookAgain) return;
        this.#lookAgain = false;
        this.wake();
      });
  }

  /**
   * Claims no more builds, except to end those that are cancelled, and waits for running ones; those that still run after
   * `graceMs` are ended as the machine's fault.
   */
  async drain(graceMs: number): Promise<void> {
    this.#draining = true;
    const stop = setTimeout(() => {
      this.#graceIsOver = true;
      for (const { abort } of this.#running.values()) abort.abort(serverStopped());
    }, graceMs);
    // A build may be claimed while the drain begins.
    while (this.#looking || this.#running.size > 0)
      await Promise.all([this.#looking, ...[...this.#running.values()].map(({ done }) => done)]);
    this.#isDrained = true;
    clearTimeout(stop);
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    const { db, concurrentBuilds, queueLimits, reserve, waitReason } = this.#means;
    await reserve.restore();
    for (const { buildRecordId, supersededBy } of await listCancelRequested(db, [...this.#running.keys()]))
      this.#running.get(buildRecordId)?.abort.abort(cancelled(supersededBy));
    for (;;) {
      const claim = this.#claim();
      const waiting = await claimCancelledRecord(db, claim);
      if (!waiting) break;
      this.#begin(waiting, claim, { takesSlot: false });
    }
    while (!this.#draining && this.#slotsTaken() < concurrentBuilds) {
      if ((await waitReason()) !== undefined) break;
      const claim = this.#claim();
      const record = await claimBuildRecord(db, claim, queueLimits);
      if (!record) break;
      this.#begin(record, claim, { takesSlot: true });
    }
    if (this.#takeoverGuard.answered()) await this.#endLost();
  }

  /** Ends builds whose runner died. */
  async #endLost(): Promise<void> {
    const { db } = this.#means;
    while (!this.#draining) {
      const claim = this.#claim();
      const running = [...this.#running.keys()];
      const lost = await takeOverLostRecord(db, claim, claim.nowMs - TAKE_OVER_MS, running);
      if (!lost) return;
      const { buildRecordId, leaseEpoch: epoch } = lost.record;
      const holder = { buildRecordId, owner: claim.owner, epoch };
      await endLostBuild(this.#means, { ...lost, holder, reason: WORKER_LOST });
    }
  }

  #slotsTaken(): number {
    return [...this.#running.values()].filter(({ takesSlot }) => takesSlot).length;
  }

  #claim(): TimedClaim {
    const { owner, now, monotonicMs } = this.#means;
    const start = { ms: now(), monotonicMs: monotonicMs() };
    return { owner, nowMs: start.ms, untilMs: start.ms + LEASE_MS, start };
  }

  #begin(record: BuildRecord, { owner, start }: TimedClaim, { takesSlot }: { takesSlot: boolean }): void {
    const { db, now, monotonicMs, limits, report } = this.#means;
    const { buildRecordId } = record;
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(timedOut(limits.timeoutMs)), limits.timeoutMs);
    const holder = { buildRecordId, owner, epoch: record.leaseEpoch };
    const means = { db, now, monotonicMs, leaseMs: LEASE_MS };
    const lease = new Lease(means, holder, start, (reason) => abort.abort(reason));
    lease.start();
    const claimed = { record, lease, signal: abort.signal, machine: this.#machine.visibleProblems };
    const done = runToEnd(this.#means, claimed)
      .catch((error: unknown) => report(`build ${buildRecordId} could not be ended`, error))
      .finally(() => {
        clearTimeout(timer);
        lease.end();
        this.#running.delete(buildRecordId);
        this.wake();
      });
    this.#running.set(buildRecordId, { abort, done, takesSlot });
    if (this.#graceIsOver) abort.abort(serverStopped());
  }
}
