import { type AuthorRightsMeans, authorRefusal } from '#account/rule-author.ts';
import type { Database } from '#db/database.ts';
import { transaction } from '#db/transaction.ts';
import { JobFailed, type JobRunner, jobKind } from '#job/job.ts';
import { addJob } from '#job/job-store.ts';
import { type CoveredRepository, listAgedTags, listTagsInUse, nextCovered, removeAgedTags } from './aged-tag-store.ts';
import { chooseTags, type TagChoice } from './choose-tags.ts';
import { lifecycleRuleOff } from './errors.ts';
import { rightsOfRetention } from './lifecycle-denied.ts';
import { covers, type LifecycleRule, nextRunMs } from './lifecycle-rule.ts';
import { findLifecycleRule, listScheduledRules, listTagRules, takeDate } from './lifecycle-store.ts';
import {
  endRun,
  findOpenRun,
  findRun,
  insertRun,
  type LifecycleRun,
  noteDone,
  noteRemovals,
  noteStarted,
} from './run-store.ts';

/** A run of a rule, as a job. */
export const LIFECYCLE_RUN = jobKind<{ runId: string }, object>('lifecycle-run');

/** What rules need to run. */
export interface LifecycleMeans extends AuthorRightsMeans {
  db: Database;
  /**
   * Removes the images of a repository, `namespace/name`, that nothing needs, or only counts them for a trial. Returns
   * how many.
   */
  removeUntagged(repository: { repoId: string; name: string }, trial: boolean): Promise<number>;
}

/** Who requested the run, and whether it only reports what it would do. */
export interface RunRequest {
  requestedBy: string | undefined;
  dryRun: boolean;
  nowMs: number;
  newId: (prefix: string) => string;
}

/**
 * Begins a run of a rule, in the caller's transaction; call `jobsChanged` after it. Returns the id of the run, or of
 * the one in progress. Throws ARTIFACT_LIFECYCLE_RULE_STATUS_NOT_SUPPORT for a rule that is off.
 */
export async function beginRun(db: Database, rule: LifecycleRule, request: RunRequest): Promise<string> {
  if (!rule.deletesTags && !rule.deletesUntagged) throw lifecycleRuleOff();
  const { nowMs, newId } = request;
  const dryRun = request.dryRun || rule.dryRun;
  const open = await findOpenRun(db, rule.ruleId, dryRun);
  if (open !== undefined) return open.runId;
  const runId = newId('cralrun');
  await insertRun(db, rule, { runId, dryRun, requestedBy: request.requestedBy, nowMs });
  await addJob(db, LIFECYCLE_RUN, { jobId: runId, subject: { runId }, nowMs });
  return runId;
}

/**
 * Begins the runs whose date has come. Of all servers that see a date pass, one begins its run. Returns how many it
 * began.
 */
export async function beginDueRuns(
  db: Database,
  { timeZone, nowMs, newId }: { timeZone: string; nowMs: number; newId: RunRequest['newId'] },
): Promise<number> {
  let begun = 0;
  for (const rule of await listScheduledRules(db)) {
    const dueMs = nextRunMs(rule, timeZone);
    if (dueMs === undefined || dueMs > nowMs) continue;
    const isBegun = await transaction(db, async (db) => {
      if (!(await takeDate(db, rule, nowMs))) return false;
      await beginRun(db, rule, { requestedBy: undefined, dryRun: false, nowMs, newId });
      return true;
    });
    if (isBegun) begun += 1;
  }
  return begun;
}

/**
 * How the jobs of runs are run: one at a time, and again after a fault of the machine, from the repository where it
 * stopped.
 */
export function lifecycleRunner(means: LifecycleMeans): JobRunner<{ runId: string }, object> {
  return {
    atOnce: 1,
    pausesMs: [60_000, 600_000],
    run: async ({ subject, signal }) => {
      await runRule(means, subject.runId, signal);
      return {};
    },
    ended: async (db, { subject }, end) => {
      const failure = end.state === 'FAILED' ? end.failure.message : undefined;
      await endRun(db, subject.runId, { endedMs: end.timeMs, failure });
    },
  };
}

/**
 * Does a run, or the rest of it. Stops if its rule is changed or deleted meanwhile, or `signal` aborts. Leaves out repositories in
 * which the rule’s author may remove nothing, and throws their reasons at the end.
 */
export async function runRule(means: LifecycleMeans, runId: string, signal: AbortSignal): Promise<void> {
  const { db, now } = means;
  const run = await findRun(db, runId);
  if (run === undefined) return;
  await noteStarted(db, runId, now());
  let after = run.doneThrough;
  const refusals: string[] = [];
  const rights = { ...means, noteDecision: eachOnce(means.noteDecision) };
  for (;;) {
    signal.throwIfAborted();
    const rule = await getUnchanged(db, run);
    const covered = await nextCovered(db, run.instanceId, run.rule, after);
    if (covered === undefined) break;
    after = `${covered.namespaceName}/${covered.name}`;
    const refusal = await authorRefusal(db, rights, rule.author, { id: runId, acts: rightsIn(run, covered) });
    if (refusal !== undefined) {
      refusals.push(refusal);
      continue;
    }
    if (run.rule.deletesTags) await removeTags(means, run, covered, signal);
    else await removeUntagged(means, run, covered);
  }
  if (refusals.length > 0) throw notAllowed(refusals);
}

function rightsIn({ instanceId }: LifecycleRun, { namespaceName, name }: CoveredRepository) {
  return rightsOfRetention([`repository/${instanceId}/${namespaceName}/${name}`]);
}

/** The same refusal for a thousand repositories is recorded once, and no run fills the record of calls. */
function eachOnce(note: AuthorRightsMeans['noteDecision']): AuthorRightsMeans['noteDecision'] {
  const noted = new Set<string>();
  return (decision) => {
    const what = `${decision.action} ${decision.resource}`;
    if (noted.has(what) || noted.size === REFUSALS_NOTED) return;
    noted.add(what);
    note(decision);
  };
}

const REFUSALS_NOTED = 100;

function notAllowed(refusals: readonly string[]): JobFailed {
  const [first = ''] = refusals;
  const places = refusals.length === 1 ? 'One repository was' : `${refusals.length} repositories were`;
  const message = `${places} left out. ${first} To take over the rule, change it.`;
  return new JobFailed({ code: 'NOT_ALLOWED', message }, { mayPass: false });
}

/** The rules that cover a repository, and what their runs would remove from it now. */
export async function planTags(
  db: Database,
  instanceId: string,
  repository: CoveredRepository,
  nowMs: number,
): Promise<TagChoice & { rules: LifecycleRule[] }> {
  const rules = (await listTagRules(db, instanceId)).filter((rule) => covers(rule, repository));
  const inUse = await listTagsInUse(db, repository.repoId);
  return { rules, ...(await chooseTags(await listAgedTags(db, repository.repoId), rules, { inUse, nowMs })) };
}

/** How many tags one transaction removes, so that other writers get their turn. */
const AT_ONCE = 100;

async function removeTags(
  { db, now }: LifecycleMeans,
  run: LifecycleRun,
  covered: CoveredRepository,
  signal: AbortSignal,
): Promise<void> {
  const { runId, ruleId, instanceId, dryRun } = run;
  const plan = await planTags(db, instanceId, covered, now());
  const matchesNone = plan.silent.has(ruleId);
  const goes = matchesNone ? [] : plan.goes;
  const keptCount = plan.keptCount + plan.goes.length - goes.length;
  let changed = 0;
  for (let first = 0; first < goes.length && !dryRun; first += AT_ONCE) {
    signal.throwIfAborted();
    const chosen = goes.slice(first, first + AT_ONCE);
    const removed = await transaction(db, async (db) => {
      await getUnchanged(db, run);
      const tags = await removeAgedTags(db, covered.repoId, chosen, { by: ruleId, nowMs: now() });
      if (tags.length > 0) await noteRemovals(db, runId, covered, { tags });
      return tags;
    });
    changed += chosen.length - removed.length;
  }
  await transaction(db, async (db) => {
    if (dryRun && goes.length > 0) await noteRemovals(db, runId, covered, { tags: goes.map(({ name }) => name) });
    await noteDone(db, runId, covered, { keptTags: keptCount + changed, matchesNone });
  });
}

async function removeUntagged(
  { db, removeUntagged }: LifecycleMeans,
  { runId, dryRun }: LifecycleRun,
  covered: CoveredRepository,
): Promise<void> {
  const { repoId, namespaceName, name } = covered;
  const manifests = await removeUntagged({ repoId, name: `${namespaceName}/${name}` }, dryRun);
  await transaction(db, async (db) => {
    if (manifests > 0) await noteRemovals(db, runId, covered, { manifests });
    await noteDone(db, runId, covered, { keptTags: 0, matchesNone: false });
  });
}

/** A changed rule begins again at its next date; what this run did so far stays. */
async function getUnchanged(
  db: Database,
  { instanceId, ruleId, ruleModifiedMs }: LifecycleRun,
): Promise<LifecycleRule> {
  const rule = await findLifecycleRule(db, instanceId, ruleId);
  if (rule?.modifiedMs === ruleModifiedMs) return rule;
  const message = 'The rule was changed or deleted while it ran.';
  throw new JobFailed({ code: 'RULE_CHANGED', message }, { mayPass: false });
}
