import { transaction } from '#db/transaction.ts';
import { getLifecycleRule } from '#lifecycle/lifecycle-store.ts';
import { beginRun } from '#lifecycle/run-rule.ts';
import { getRun, type LifecycleRun } from '#lifecycle/run-store.ts';
import type { LifecycleRun as LifecycleRunReply } from '#rpc/native-types.gen.ts';
import type { NativeContext } from '../native-operation.ts';

/** A run of a lifecycle rule in replies. */
export function lifecycleReply(run: LifecycleRun): LifecycleRunReply {
  return {
    RunId: run.runId,
    RuleId: run.ruleId,
    DryRun: run.dryRun,
    RequestedBy: run.requestedBy,
    Status: statusOf(run),
    CreateTime: run.createdMs,
    StartTime: run.startedMs,
    EndTime: run.endedMs,
    Failure: run.failure,
    Repositories: run.repositories,
    KeptTags: run.keptTags,
    RemovedTags: run.removedTags,
    RemovedManifests: run.removedManifests,
  };
}

/** Begins a run for a caller, and returns it or the run in progress. */
export async function beginForCaller(
  context: NativeContext,
  { ruleId, dryRun }: { ruleId: string; dryRun: boolean },
): Promise<LifecycleRunReply> {
  const { db, instanceId, principal, now, newId } = context;
  const runId = await transaction(db, async (db) => {
    const rule = await getLifecycleRule(db, instanceId, ruleId);
    return beginRun(db, rule, { requestedBy: principal.arn, dryRun, nowMs: now(), newId });
  });
  context.jobsChanged();
  return lifecycleReply(await getRun(db, instanceId, runId));
}

function statusOf({ startedMs, endedMs, failure }: LifecycleRun): LifecycleRunReply['Status'] {
  if (endedMs !== undefined) return failure === undefined ? 'done' : 'failed';
  return startedMs === undefined ? 'waiting' : 'running';
}
