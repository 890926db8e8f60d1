import type { Database } from '#db/database.ts';
import { getNamespace } from '#namespace/namespace-store.ts';
import { getRepositoryByName } from '#repository/repository-store.ts';
import { invalidParameter, missingParameter } from '#rpc/errors/api-error.ts';
import { readNamePattern } from '#rpc/name-pattern.ts';
import type { LifecycleRuleWords, Scope } from './lifecycle-rule.ts';
import type { Schedule } from './schedule.ts';

/** The fields of a rule in a call. The rule lacks what the call leaves out. */
export interface GivenRule {
  InstanceId: string;
  Scope?: string | undefined;
  NamespaceName?: string | undefined;
  RepoName?: string | undefined;
  Auto?: boolean | undefined;
  ScheduleTime?: string | undefined;
  RetentionTagCount?: number | undefined;
  TagRegexp?: string | undefined;
  EnableDeleteTag?: boolean | undefined;
  EnableDeleteUntaggedManifest?: boolean | undefined;
  DryRun?: boolean | undefined;
}

const KEEP_COUNT_LIMIT = 1_000_000;

/**
 * Reads the fields of a rule. Throws InvalidParameter and MissingParameter if they contradict each other or would
 * remove nothing at all, and NAMESPACE_NOT_EXIST and REPO_NOT_EXIST.
 */
export async function readGivenRule(db: Database, given: GivenRule): Promise<LifecycleRuleWords> {
  const scope = givenScope(given);
  const schedule = givenSchedule(given);
  const words = {
    ...(await givenPlace(db, scope, given)),
    scope,
    schedule,
    auto: given.Auto ?? false,
    keepCount: givenCount(given),
    tagPattern: given.TagRegexp,
    ...givenSwitches(given),
    dryRun: given.DryRun ?? false,
  };
  const pattern = given.TagRegexp === undefined ? undefined : readNamePattern('TagRegexp', given.TagRegexp);
  if (words.deletesTags && words.keepCount === undefined && pattern === undefined)
    throw missingParameter('RetentionTagCount');
  return words;
}

function givenScope({ Scope, NamespaceName, RepoName }: GivenRule): Scope {
  if (Scope === undefined) {
    if (RepoName !== undefined) return 'REPO';
    return NamespaceName === undefined ? 'INSTANCE' : 'NAMESPACE';
  }
  if (Scope === 'INSTANCE' || Scope === 'NAMESPACE' || Scope === 'REPO') return Scope;
  const shown = JSON.stringify(Scope.slice(0, 100));
  throw invalidParameter('Scope', `${shown} is not one of INSTANCE, NAMESPACE and REPO.`, 'InvalidParameter.Scope');
}

/** Refuses a name that the scope does not use: the rule would cover more repositories than its caller meant. */
async function givenPlace(db: Database, scope: Scope, { InstanceId, NamespaceName, RepoName }: GivenRule) {
  if (scope === 'INSTANCE' && NamespaceName !== undefined)
    throw invalidParameter('NamespaceName', 'a rule with Scope INSTANCE is for every namespace; leave it out.');
  if (scope !== 'REPO' && RepoName !== undefined)
    throw invalidParameter('RepoName', `a rule with Scope ${scope} is for more than one repository; leave it out.`);
  if (scope === 'INSTANCE') return { namespaceName: undefined, repoName: undefined };
  if (NamespaceName === undefined) throw missingParameter('NamespaceName');
  if (RepoName === undefined) await getNamespace(db, InstanceId, NamespaceName);
  else await getRepositoryByName(db, InstanceId, NamespaceName, RepoName);
  return { namespaceName: NamespaceName, repoName: RepoName };
}

function givenSchedule({ Auto, ScheduleTime }: GivenRule): Schedule | undefined {
  if (ScheduleTime === 'WEEK' || ScheduleTime === 'MONTH') return ScheduleTime;
  if (ScheduleTime !== undefined)
    throw invalidParameter(
      'ScheduleTime',
      `${JSON.stringify(ScheduleTime.slice(0, 100))} is neither WEEK nor MONTH.`,
      'InvalidParameter.ScheduleTime',
    );
  if (Auto) throw missingParameter('ScheduleTime');
  return undefined;
}

/** Terraform sends 0 for a rule without a count. It means no count, since a rule must keep something. */
function givenCount({ RetentionTagCount: count }: GivenRule): number | undefined {
  if (count === undefined || count === 0) return undefined;
  if (count >= 1 && count <= KEEP_COUNT_LIMIT) return count;
  const reason = `${count} is not between 1 and ${KEEP_COUNT_LIMIT}.`;
  throw invalidParameter('RetentionTagCount', reason, 'InvalidParameter.RetentionTagCount');
}

function givenSwitches({ EnableDeleteTag, EnableDeleteUntaggedManifest }: GivenRule) {
  const deletesUntagged = EnableDeleteUntaggedManifest ?? false;
  const deletesTags = EnableDeleteTag ?? !deletesUntagged;
  if (deletesTags && deletesUntagged)
    throw invalidParameter(
      'EnableDeleteUntaggedManifest',
      'a rule removes either tags or images without a tag; make one rule for each.',
    );
  return { deletesTags, deletesUntagged };
}
