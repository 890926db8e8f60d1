import { findBuildRecord } from '#build/build-store.ts';
import type { Database } from '#db/database.ts';
import { type Job, type JobEnd, JobFailed, type JobRunner, jobKind } from '#job/job.ts';
import { findRepositoryById } from '#repository/repository-store.ts';
import { type CodeHostMeans, noteStatusFailure, openStatuses } from '#source/hosts/code-host-store.ts';
import { commitOf, commitStatusOf } from './commit-status.ts';
import { isStatusSet, type StatusCall, statusCall } from './status-call.ts';

/** Sends a code host the state that a build has when the job runs. */
export const COMMIT_STATUS = jobKind<{ buildRecordId: string }, object>('commit-status');

/** How a code host answered. */
export interface StatusReply {
  httpStatus: number;
  /** The beginning of its body. */
  text: string;
}

export interface CommitStatusMeans extends CodeHostMeans {
  publicUrl: string;
  /** Called with each token before it is used, so that no log shows it. */
  keepOut(secret: string): void;
  /** Sends a call. Throws an error with a sentence about the host if it cannot be reached. */
  send(call: StatusCall, options: { allowPrivate: boolean; signal: AbortSignal }): Promise<StatusReply>;
}

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const PAUSES_MS = [10 * SECOND_MS, MINUTE_MS, 10 * MINUTE_MS, 60 * MINUTE_MS];

/**
 * Sends statuses. Each job sends the newest one, and the jobs of a build run in turn: so the last status that a host
 * gets is always the newest, also after failed attempts.
 */
export function commitStatusRunner(means: CommitStatusMeans): JobRunner<{ buildRecordId: string }, object> {
  const turns = new Map<string, Promise<unknown>>();
  return {
    atOnce: 8,
    pausesMs: PAUSES_MS,
    async run({ subject: { buildRecordId }, signal }) {
      const before = turns.get(buildRecordId) ?? Promise.resolve();
      const turn = before.then(() => sendStatus(means, buildRecordId, signal));
      const settled = turn.catch(() => undefined);
      turns.set(buildRecordId, settled);
      try {
        await turn;
        return {};
      } finally {
        if (turns.get(buildRecordId) === settled) turns.delete(buildRecordId);
      }
    },
    ended: (db, job, end) => noteEnd(db, job, end),
  };
}

async function sendStatus(means: CommitStatusMeans, buildRecordId: string, signal: AbortSignal): Promise<void> {
  const found = await findTarget(means, buildRecordId);
  if (found === undefined) return;
  const { record, image, statuses } = found;
  const commit = commitOf(record);
  if (commit === undefined) return;
  means.keepOut(statuses.token);
  const call = statusCall(statuses, commit, commitStatusOf(record, image, means.publicUrl));
  const reply = await means.send(call, { allowPrivate: statuses.allowPrivate, signal }).catch((error: unknown) => {
    throw new JobFailed({ code: 'UNREACHABLE', message: (error as Error).message }, { mayPass: true, cause: error });
  });
  if (isStatusSet(statuses.api, reply.httpStatus, reply.text)) return;
  throw new JobFailed(
    { code: 'REFUSED', message: refusal(reply.httpStatus, new URL(call.url).host) },
    { mayPass: reply.httpStatus >= 500 || reply.httpStatus === 429 },
  );
}

/** The build, its image and its code host; undefined if one of them is gone or no longer takes statuses. */
async function findTarget(means: CommitStatusMeans, buildRecordId: string) {
  const record = await findBuildRecord(means.db, buildRecordId);
  if (record?.source.kind !== 'code-host') return undefined;
  const image = await findRepositoryById(means.db, record.repoId);
  const statuses = await openStatuses(means, record.instanceId, record.source.type);
  return image === undefined || statuses === undefined ? undefined : { record, image, statuses };
}

function refusal(httpStatus: number, host: string): string {
  const reason = REASONS[httpStatus];
  return `${host} answered HTTP ${httpStatus}${reason === undefined ? '' : `: ${reason}`}`;
}

const REASONS: Record<number, string> = {
  401: 'the token is wrong or has expired',
  403: 'the token may not set statuses of commits',
  404: 'the token cannot see this repository, or the address of the API is wrong',
};

async function noteEnd(
  db: Database,
  { subject: { buildRecordId } }: Job<{ buildRecordId: string }>,
  end: JobEnd<object>,
): Promise<void> {
  if (end.state === 'CANCELED') return;
  const record = await findBuildRecord(db, buildRecordId);
  if (record?.source.kind !== 'code-host') return;
  const failure = end.state === 'FAILED' ? { message: end.failure.message, timeMs: end.timeMs } : undefined;
  await noteStatusFailure(db, record.instanceId, record.source.type, failure);
}
