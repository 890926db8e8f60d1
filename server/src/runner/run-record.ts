import { setTimeout as delay } from 'node:timers/promises';
import type { BaseImage, BuildFailure } from '#build/build.ts';
import type { BuildStep } from '#build/build-step.ts';
import { BuildFailed, cancelled } from './failure/build-failed.ts';
import type { FetchedCommit } from './git/git-fetch.ts';
import type { Job, Jobs } from './jobs/jobs.ts';
import { type Lease, LeaseLost } from './lease.ts';
import type { BuildLog } from './output/build-log.ts';
import { headerLine } from './output/header-line.ts';
import { StepRecorder } from './output/step-recorder.ts';
import { type BuildEnd, endOf } from './stages/build-end.ts';
import type { BuildMeans } from './stages/build-job.ts';
import { runBuildJob } from './stages/run-build-job.ts';
import { Workplace } from './work/workplace.ts';

/** What running a record needs in addition to what the stages need. */
export interface RecordMeans extends BuildMeans {
  jobs: Jobs;
  dataFolder: string;
  version: string;
  now: () => number;
  report: (message: string, error: unknown) => void;
}

/** A claimed build, and what it needs to run. */
export interface ClaimedBuild {
  job: Job;
  lease: Lease;
  log: BuildLog;
  signal: AbortSignal;
  /** What this machine lacks for builds, once known. */
  machine: () => Promise<readonly string[]>;
}

/** Runs a record's stages, from the header to the line that ends the last stage. Throws only `LeaseLost`. */
export async function runRecord(means: RecordMeans, claimed: ClaimedBuild): Promise<BuildEnd> {
  const { job, lease, log, signal } = claimed;
  const { record, repository } = job;
  try {
    await log.header(headerLine(means.version, record, repository));
    if (record.cancelRequested) return await endUnstarted(log, cancelled(record.supersededBy));
    const problems = await claimed.machine();
    if (problems.length > 0) return await endUnstarted(log, cannotBuild(problems));
    if (signal.aborted && signal.reason instanceof BuildFailed) return await endUnstarted(log, signal.reason);
    return { imageDigest: await runStages(means, claimed) };
  } catch (error) {
    const reason: unknown = signal.aborted ? signal.reason : undefined;
    if (reason instanceof LeaseLost) throw reason;
    if (error instanceof LeaseLost) throw error;
    if (!(error instanceof BuildFailed) || error.fault === 'machine')
      means.report(`build ${record.buildRecordId} failed`, maskedError(error, log));
    await lease.held();
    const end = endOf(error);
    if (end.failure) end.failure = { ...maskedFailure(end.failure, log), line: log.reasonLine };
    return end;
  }
}

async function runStages(means: RecordMeans, claimed: ClaimedBuild): Promise<string | undefined> {
  const { job: claimedJob, lease, log, signal } = claimed;
  const { record, repository } = claimedJob;
  const { jobs, now } = means;
  const { buildRecordId } = record;
  const save = async (changed: readonly BuildStep[]) => {
    await lease.write((holder) => jobs.note(holder, { steps: changed }));
  };
  const steps = new StepRecorder({ save, now });
  const onCommit = async (commit: FetchedCommit) => {
    const message = log.masked(commit.subject);
    const found = { commitId: commit.commitId, author: log.masked(commit.author), message };
    await lease.write((holder) => jobs.note(holder, { commit: found }));
  };
  const onBases = async (bases: readonly BaseImage[]) => {
    await lease.write((holder) => jobs.note(holder, { baseImages: bases }));
  };
  const place = new Workplace({ ...means, buildRecordId });
  const takeTagTurn = () => waitForTagTurn(jobs, claimed);
  try {
    const job = { record, repository, place, log, signal, steps, onCommit, onBases, takeTagTurn };
    return await runBuildJob(means, job);
  } finally {
    place.close();
    await steps.close();
  }
}

const TAG_POLL_MS = 200;

/** Waits until no other build is moving the tag, and returns the newer build that has moved it, if any. */
async function waitForTagTurn(
  jobs: Jobs,
  { job: { record }, lease, log, signal }: ClaimedBuild,
): Promise<string | undefined> {
  await lease.renew();
  for (let told: string | undefined; ; await delay(TAG_POLL_MS)) {
    signal.throwIfAborted();
    const turn = await jobs.takeTagTurn(lease.holder);
    if (turn === undefined) {
      await lease.renew();
      throw new Error(`build ${record.buildRecordId} could not take its turn to push`);
    }
    if (turn.kind === 'taken') return undefined;
    if (turn.kind === 'outrun') return turn.by;
    if (turn.by !== told) await log.line(`waiting: build ${turn.by} is pushing the tag ${record.imageTag}`);
    told = turn.by;
  }
}

function maskedFailure({ dockerfile, facts = {}, ...failure }: BuildFailure, log: BuildLog): BuildFailure {
  // All lines as one text, because a secret may span several.
  const lines = dockerfile && log.masked(dockerfile.lines.join('\n')).split('\n');
  return {
    ...failure,
    facts: Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, log.masked(fact)])),
    message: log.masked(failure.message),
    summary: failure.summary === undefined ? undefined : log.masked(failure.summary),
    dockerfile: dockerfile && lines && { ...dockerfile, lines },
  };
}

/** The error for the server's log, which does not know the secrets of a build. */
function maskedError(error: unknown, log: BuildLog): unknown {
  if (!(error instanceof Error)) return error;
  const masked = new Error(log.masked(error.message), { cause: maskedError(error.cause, log) });
  masked.name = error.name;
  masked.stack = log.masked(error.stack ?? '');
  return masked;
}

function cannotBuild(problems: readonly string[]): BuildFailed {
  return new BuildFailed('machine-incapable', `this machine cannot build: ${problems.join('. ')}`);
}

async function endUnstarted(log: BuildLog, reason: BuildFailed): Promise<BuildEnd> {
  await log.begin('GIT_CLONE');
  await log.fail(reason.message, reason.stageEnd);
  const end = endOf(reason);
  if (end.failure) end.failure.line = log.reasonLine;
  return end;
}
