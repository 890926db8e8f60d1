import { setTimeout as sleep } from 'node:timers/promises';
import type { Logbook } from '@slipway/logbook';
import type { BaseImage, BuildFailure, BuildRecord } from '#build/build.ts';
import {
  claimBuildRecord,
  endBuildRecord,
  listCancelRequested,
  updateBaseImages,
  updateCommit,
} from '#build/build-store.ts';
import { saveBuildSteps } from '#build/step-store.ts';
import type { Database } from '#db/database.ts';
import { getRepository } from '#repository/repository-store.ts';
import { type Sandbox, SandboxLost } from '#sandbox/sandbox.ts';
import { removeSourceArchive } from '#source/source-store.ts';
import { BuildFailed, cancelled, serverStopped, timedOut } from './build-failed.ts';
import { type BuildJob, type BuildMeans, failureLine, runBuildJob } from './build-job.ts';
import { BuildLog } from './build-log.ts';
import type { FetchedCommit } from './git-fetch.ts';
import { headerLine } from './header-line.ts';
import { Masker } from './masker.ts';
import { StepRecorder } from './step-recorder.ts';
import { workFolder } from './work-folder.ts';

/** What the runner works with. */
export interface RunnerMeans extends BuildMeans {
  db: Database;
  logbook: Logbook;
  dataFolder: string;
  /** Names this runner in leases. */
  owner: string;
  version: string;
  concurrentBuilds: number;
  now: () => number;
  monotonicMs: () => number;
  /** What the server itself keeps secret: in no log, whatever a build prints. */
  serverSecrets: readonly string[];
  /** Gets what went wrong that is not the source's fault. */
  report: (message: string, error: unknown) => void;
}

const POLL_MS = 500;
const LEASE_MS = 60_000;
const CLEAN_UP_TRIES = 50;
const CLEAN_UP_PAUSE_MS = 200;

/**
 * Takes PENDING records one after another and runs them to a final status. The record is the job: it is claimed in
 * the database, so that any number of runners may share it; `wake` only spares the wait for the next look.
 */
export class Runner {
  readonly #means: RunnerMeans;
  readonly #running = new Map<string, { abort: AbortController; done: Promise<void> }>();
  #timer: NodeJS.Timeout | undefined;
  #looking = false;
  #lookAgain = false;
  #draining = false;
  #problems: readonly string[] = [];
  #machine: Promise<void> | undefined;

  constructor(means: RunnerMeans) {
    this.#means = means;
  }

  start(): void {
    this.#machine = this.#checkMachine();
    this.#timer = setInterval(() => this.wake(), POLL_MS);
    this.wake();
  }

  /** What this machine lacks for the sandbox; empty while it is not known. */
  problems = (): readonly string[] => this.#problems;

  /** Looks for work now. */
  wake(): void {
    if (this.#looking) {
      this.#lookAgain = true;
      return;
    }
    this.#looking = true;
    this.#look()
      .catch((error: unknown) => this.#means.report('the runner could not look for builds', error))
      .finally(() => {
        this.#looking = false;
        if (!this.#lookAgain) return;
        this.#lookAgain = false;
        this.wake();
      });
  }

  /** Claims nothing more and waits for what runs; what still runs after `graceMs` is ended as the machine's fault. */
  async drain(graceMs: number): Promise<void> {
    this.#draining = true;
    const stop = setTimeout(() => {
      for (const { abort } of this.#running.values()) abort.abort(serverStopped());
    }, graceMs);
    while (this.#running.size > 0) await Promise.all([...this.#running.values()].map(({ done }) => done));
    clearTimeout(stop);
    clearInterval(this.#timer);
  }

  async #checkMachine(): Promise<void> {
    try {
      const { problems } = await this.#means.sandbox.check();
      this.#problems = problems.map(({ what, mend }) => `${what}; ${mend}`);
    } catch (error) {
      this.#problems = ['the sandbox could not be tried out'];
      this.#means.report('the sandbox could not be tried out', error);
    }
  }

  async #look(): Promise<void> {
    for (const id of await listCancelRequested(this.#means.db, [...this.#running.keys()]))
      this.#running.get(id)?.abort.abort(cancelled());
    while (!this.#draining && this.#running.size < this.#means.concurrentBuilds) {
      const nowMs = this.#means.now();
      const lease = { owner: this.#means.owner, nowMs, untilMs: nowMs + LEASE_MS };
      const record = await claimBuildRecord(this.#means.db, lease);
      if (!record) return;
      this.#begin(record);
    }
  }

  #begin(record: BuildRecord): void {
    const abort = new AbortController();
    const { timeoutMs } = this.#means.limits;
    const timer = setTimeout(() => abort.abort(timedOut(timeoutMs)), timeoutMs);
    const done = this.#run(record, abort.signal)
      .catch((error: unknown) => this.#means.report(`build ${record.buildRecordId} could not be ended`, error))
      .finally(() => {
        clearTimeout(timer);
        this.#running.delete(record.buildRecordId);
        this.wake();
      });
    this.#running.set(record.buildRecordId, { abort, done });
  }

  /** Runs a claimed record to its end: last line, final status, seal, and nothing left of it. */
  async #run(record: BuildRecord, signal: AbortSignal): Promise<void> {
    const { db, logbook, now, monotonicMs } = this.#means;
    const masker = new Masker(this.#means.serverSecrets);
    const log = new BuildLog(await logbook.create(record.buildRecordId), monotonicMs, masker);
    const end = await this.#build(record, log, signal);
    await log.committed().catch((error: unknown) => {
      this.#means.report(`the log of build ${record.buildRecordId} could not be written`, error);
      Object.assign(end, logLost(error));
    });
    const status = end.failure === undefined ? 'SUCCESS' : end.failure.fault === 'cancelled' ? 'CANCELED' : 'FAILED';
    await this.#cleanUp(record);
    await endBuildRecord(db, record.buildRecordId, { status, endedMs: now(), ...end });
    await log.seal(end.lostLines);
  }

  async #build(record: BuildRecord, log: BuildLog, signal: AbortSignal): Promise<BuildEnd> {
    try {
      const { namespaceName, name } = await getRepository(this.#means.db, record.instanceId, record.repoId);
      const repository = `${namespaceName}/${name}`;
      await log.header(headerLine(this.#means.version, record, repository));
      if (record.cancelRequested) return await endUnstarted(log, cancelled());
      await this.#machine;
      if (this.#problems.length > 0) return await endUnstarted(log, cannotBuild(this.#problems));
      const folder = workFolder(this.#means.dataFolder, record.buildRecordId);
      return { imageDigest: await this.#runJob({ record, repository, folder, log, signal }) };
    } catch (error) {
      if (!(error instanceof BuildFailed) || error.fault === 'machine')
        this.#means.report(`build ${record.buildRecordId} failed`, error);
      const end = endOf(error);
      if (end.failure) end.failure.message = log.masked(end.failure.message);
      return end;
    }
  }

  async #runJob(job: Omit<BuildJob, 'steps' | 'onCommit' | 'onBases'>): Promise<string> {
    const { db, now } = this.#means;
    const { record, log } = job;
    const { buildRecordId } = record;
    const steps = new StepRecorder({ save: (changed) => saveBuildSteps(db, buildRecordId, changed), now });
    const onCommit = (commit: FetchedCommit) =>
      updateCommit(db, buildRecordId, {
        commitId: commit.commitId,
        author: log.masked(commit.author),
        message: log.masked(commit.subject),
      });
    const onBases = (bases: readonly BaseImage[]) => updateBaseImages(db, buildRecordId, bases);
    try {
      return await runBuildJob(this.#means, { ...job, steps, onCommit, onBases });
    } finally {
      await steps.end(undefined);
    }
  }

  async #cleanUp(record: BuildRecord): Promise<void> {
    try {
      await cleanUpPatiently(this.#means.sandbox, record.buildRecordId);
      if (record.source.kind !== 'archive') return;
      await this.#means.blobs.remove(`sources/${record.source.archiveId}`);
      await removeSourceArchive(this.#means.db, record.source.archiveId);
    } catch (error) {
      this.#means.report(`build ${record.buildRecordId} could not be cleaned up`, error);
    }
  }
}

/** A helper that was killed is started again at once; until then it does not answer. */
async function cleanUpPatiently(sandbox: Sandbox, buildRecordId: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await sandbox.cleanUp(buildRecordId);
    } catch (error) {
      if (!(error instanceof SandboxLost) || tries === CLEAN_UP_TRIES) throw error;
      await sleep(CLEAN_UP_PAUSE_MS);
    }
  }
}

interface BuildEnd {
  imageDigest?: string;
  failure?: BuildFailure;
  lostLines?: string | undefined;
}

function cannotBuild(problems: readonly string[]): BuildFailed {
  return new BuildFailed('machine', `this machine cannot build: ${problems.join('. ')}`);
}

async function endUnstarted(log: BuildLog, reason: BuildFailed): Promise<BuildEnd> {
  await log.begin('GIT_CLONE');
  await log.fail(reason.message);
  return endOf(reason);
}

function endOf(error: unknown): BuildEnd {
  if (!(error instanceof BuildFailed)) return { failure: { fault: 'machine', message: failureLine(error) } };
  return { failure: { fault: error.fault, message: error.message }, lostLines: error.lostLines };
}

function logLost(error: unknown): BuildEnd {
  const why = error instanceof Error ? error.message : String(error);
  return {
    failure: { fault: 'machine', message: 'the log could not be written to disk' },
    lostLines: `the log could not be written to disk: ${why}`,
  };
}
