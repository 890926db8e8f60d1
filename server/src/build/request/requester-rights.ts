import { requesterPrincipal } from '#account/requester.ts';
import type { Database } from '#db/database.ts';
import { type Decision, decide } from '#ram/decide.ts';
import { findRepositoryByName } from '#repository/repository-store.ts';
import type { NotedDecision } from '#rpc/context.ts';
import { pullRequestOf } from '#source/source.ts';
import type { BuildRecord, BuildRequester } from '../build.ts';

/** What deciding the rights of a build's requesters needs. */
export interface RequesterRightsMeans {
  readonly db: Database;
  readonly accountId: string;
  readonly regionId: string;
  now(): number;
  /** Called with every decision. */
  noteDecision(decision: NotedDecision): void;
}

/** What a build would do in this registry. */
interface Wish {
  readonly action: 'cr:PullRepository' | 'cr:PushRepository' | 'cr:BuildRepositoryByRule';
  /** `namespace/name`. */
  readonly repository: string;
}

/**
 * Why a build may not pull an image of this registry, or undefined if it may. Every requester must be allowed to, by the current
 * policies. Does not reveal whether the image exists.
 */
export async function pullRefusal(
  means: RequesterRightsMeans,
  record: BuildRecord,
  repository: string,
): Promise<string | undefined> {
  return (
    (await strangerRefusal(means, record, repository)) ??
    everyoneRefusal(means, record, { action: 'cr:PullRepository', repository })
  );
}

/** Why a pull request may not pull: anyone may have written it, so it reads what is public. */
async function strangerRefusal(
  { db }: RequesterRightsMeans,
  record: BuildRecord,
  repository: string,
): Promise<string | undefined> {
  if (pullRequestOf(record) === undefined) return undefined;
  const [namespace = '', name = ''] = repository.split('/');
  const found = await findRepositoryByName(db, record.instanceId, namespace, name);
  if (found?.type === 'PUBLIC') return undefined;
  return 'a pull request may pull only from PUBLIC repositories of this registry';
}

/** Why a build may not push to a repository other than its own, or undefined if it may: as for a pull. */
export async function pushRefusal(
  means: RequesterRightsMeans,
  record: BuildRecord,
  repository: string,
): Promise<string | undefined> {
  return everyoneRefusal(means, record, { action: 'cr:PushRepository', repository });
}

async function everyoneRefusal(
  means: RequesterRightsMeans,
  record: BuildRecord,
  wish: Wish,
): Promise<string | undefined> {
  // For a record older than this field, the requesters are unknown: it may read no more than a stranger.
  for (const requester of record.requesters ?? [{ part: 'call' } as const]) {
    const refusal = await refusalOf(means, record, requester, wish);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

/**
 * Why a build may not begin, or undefined if it may. It may not if a requester no longer exists, or if the author of its rule or
 * the requester of the build that it repeats may no longer build there. The caller was authorized at the call.
 */
export async function beginRefusal(
  means: RequesterRightsMeans,
  record: BuildRecord,
  repository: string,
): Promise<string | undefined> {
  for (const requester of record.requesters ?? []) {
    if (requester.who === undefined) continue;
    const wish: Wish = { action: 'cr:BuildRepositoryByRule', repository };
    if (requester.part === 'rule' || requester.part === 'record') {
      const refusal = await refusalOf(means, record, requester, wish);
      if (refusal !== undefined) return refusal;
    } else if (!(await principalOf(means, requester))) return absentRefusal(means, record, requester, wish);
  }
  return undefined;
}

async function refusalOf(
  means: RequesterRightsMeans,
  record: BuildRecord,
  requester: BuildRequester,
  wish: Wish,
): Promise<string | undefined> {
  const principal = await principalOf(means, requester);
  if (!principal) return absentRefusal(means, record, requester, wish);
  const decision = decide({ principal, action: wish.action, resource: resourceOf(means, record, wish) });
  note(means, record, requester, wish, !decision.allowed);
  return decision.allowed ? undefined : sentence(requester, decision);
}

function principalOf({ db, accountId, now }: RequesterRightsMeans, { who }: BuildRequester) {
  return who && requesterPrincipal(db, accountId, who, now());
}

function sentence({ part, who }: BuildRequester, { reason, action, resource }: Decision): string {
  const verb = reason === 'ExplicitDeny' ? 'a policy denies' : 'no policy allows';
  return `${verb} ${action} on ${resource} to ${who?.arn ?? 'nobody'}, ${ROLES[part]}`;
}

const ROLES: Record<BuildRequester['part'], string> = {
  call: 'who requested this build',
  rule: 'who made or last changed its build rule',
  source: 'who made or last changed the source of its repository',
  record: 'who requested the build that it repeats',
};
const FIXES: Record<BuildRequester['part'], string> = {
  call: 'request the build again',
  rule: 'call UpdateRepoBuildRule to take over the rule',
  source: 'call UpdateRepoSourceCodeRepo to take over the source',
  record: 'request a new build of the same source instead of repeating this one',
};

/** The refusal if the requester is unknown or no longer exists. */
function absentRefusal(
  means: RequesterRightsMeans,
  record: BuildRecord,
  requester: BuildRequester,
  wish: Wish,
): string {
  note(means, record, requester, wish, true);
  const { part, who } = requester;
  const why = who === undefined ? `it is not known ${ROLES[part]}` : `${who.arn}, ${ROLES[part]}, no longer exists`;
  return `${why}, so nobody is allowed ${wish.action} on ${resourceOf(means, record, wish)} (${FIXES[part]})`;
}

function note(
  means: RequesterRightsMeans,
  record: BuildRecord,
  { who }: BuildRequester,
  wish: Wish,
  denied: boolean,
): void {
  means.noteDecision({
    timeMs: means.now(),
    requestId: record.buildRecordId.toUpperCase(),
    callerArn: who?.arn ?? '',
    accessKeyId: who?.accessKeyId ?? '',
    action: wish.action,
    resource: resourceOf(means, record, wish),
    sourceIp: who?.call?.sourceIp,
    denied,
  });
}

function resourceOf({ regionId, accountId }: RequesterRightsMeans, { instanceId }: BuildRecord, wish: Wish): string {
  return `acs:cr:${regionId}:${accountId}:repository/${instanceId}/${wish.repository}`;
}
