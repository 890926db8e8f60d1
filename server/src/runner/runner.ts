import { randomUUID } from 'node:crypto';
import type { RemoteRefs } from '#source/remote-refs.ts';
import type { SourceBinding } from '#source/source.ts';
import { cleanUpPatiently } from './clean-up.ts';
import { cancelled, serverStopped, timedOut } from './failure/build-failed.ts';
import type { Job, Wanted } from './jobs/jobs.ts';
import { Lease, type LeaseStart } from './lease.ts';
import type { LostBuilds } from './lost-builds.ts';
import { MachineTrial } from './machine-trial.ts';
import { patient } from './patient-means.ts';
import { listRemoteRefs } from './remote-refs.ts';
import { runToEnd, type ToEndMeans } from './run-to-end.ts';

/** What the runner needs. */
export interface RunnerMeans extends ToEndMeans {
  /** How many builds this runner runs at once. */
  concurrentBuilds: number;
  /** How long a lease lasts. It is renewed three times in that time. */
  leaseMs: number;
  lostBuilds: Pick<LostBuilds, 'end'>;
  /** Why no build starts for now; undefined if they start. */
  waitReason: () => Promise<string | undefined>;
}

interface RunningBuild {
  abort: AbortController;
  lease: Lease;
  done: Promise<void>;
  takesSlot: boolean;
}

const POLL_MS = 500;

/**
 * Takes waiting builds one after another and runs them to a final status. The record is the job, and is claimed, so any number of
 * runners can share the work; `wake` only saves the wait until the next poll.
 */
export class Runner {
  readonly #means: RunnerMeans;
  readonly #running = new Map<string, RunningBuild>();
  /** Builds that this runner gave up or could not end. They are ended as lost once their leases are over, and must not begin again. */
  readonly #unended = new Set<string>();
  #timers: NodeJS.Timeout[] = [];
  #looking: Promise<void> | undefined;
  #lookAgain = false;
  #draining = false;
  #graceIsOver = false;
  #isDrained = false;
  readonly #machine: MachineTrial;

  constructor(means: RunnerMeans) {
    this.#means = means;
    this.#machine = new MachineTrial(means);
  }

  start(): void {
    this.#timers = [
      setInterval(() => this.wake(), POLL_MS),
      setInterval(() => void this.#renew(), this.#means.leaseMs / 3),
    ];
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
    for (const timer of this.#timers) clearInterval(timer);
  }

  async #look(): Promise<void> {
    const { concurrentBuilds, lostBuilds, reserve, waitReason } = this.#means;
    await reserve.restore();
    await this.#beat();
    while (await this.#claim({ unknownTo: [...this.#running.keys(), ...this.#unended] }));
    while (await this.#claim('cancelled'));
    const slotsTaken = () => [...this.#running.values()].filter(({ takesSlot }) => takesSlot).length;
    while (!this.#draining && slotsTaken() < concurrentBuilds)
      if ((await waitReason()) !== undefined || !(await this.#claim('runnable'))) break;
    await lostBuilds.end([...this.#running.keys()], () => this.#draining);
  }

  /** Claims a build and begins it. Returns false if there is none. */
  async #claim(wanted: Wanted): Promise<boolean> {
    const start = this.#clocks();
    const job = await this.#means.jobs.claim(wanted);
    if (job) this.#begin(job, start, { takesSlot: wanted !== 'cancelled' });
    return job !== undefined;
  }

  /** Stops the builds that should be cancelled, and those that another runner has. Renews the leases of the others for `leaseMs`. */
  async #beat(leaseMs?: number): Promise<void> {
    const start = this.#clocks();
    const running = [...this.#running.values()];
    const holders = running.map(({ lease }) => lease.holder);
    const { cancelled: ended, lost } = await this.#means.jobs.beat(holders, leaseMs);
    for (const { buildRecordId, supersededBy } of ended)
      this.#running.get(buildRecordId)?.abort.abort(cancelled(supersededBy));
    for (const { lease } of running) {
      if (lost.includes(lease.holder.buildRecordId)) lease.lose(undefined);
      else if (leaseMs !== undefined) lease.renewed(start);
    }
  }

  /** If it fails, it is tried again until the leases are over. */
  async #renew(): Promise<void> {
    try {
      await this.#beat(this.#means.leaseMs);
    } catch (error) {
      for (const { lease } of this.#running.values()) lease.notRenewed(error);
    }
  }

  #clocks(): LeaseStart {
    const { now, monotonicMs } = this.#means;
    return { ms: now(), monotonicMs: monotonicMs() };
  }

  #begin(job: Job, start: LeaseStart, { takesSlot }: { takesSlot: boolean }): void {
    const abort = new AbortController();
    const means = patient(this.#means, { mayWait: () => !this.#graceIsOver, signal: abort.signal });
    const { limits, report } = means;
    const { buildRecordId } = job.record;
    const timer = setTimeout(() => abort.abort(timedOut(limits.timeoutMs)), limits.timeoutMs);
    const lease = new Lease(means, job.holder, start, (reason) => abort.abort(reason));
    const claimed = { job, lease, signal: abort.signal, machine: this.#machine.visibleProblems };
    const done = runToEnd(means, claimed)
      .catch((error: unknown) => report(`build ${buildRecordId} could not be ended`, error))
      .then((isEnded) => {
        clearTimeout(timer);
        this.#running.delete(buildRecordId);
        if (isEnded !== true) this.#unended.add(buildRecordId);
        this.wake();
      });
    this.#running.set(buildRecordId, { abort, lease, done, takesSlot });
    if (this.#graceIsOver) abort.abort(serverStopped());
  }
}
