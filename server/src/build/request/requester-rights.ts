import { requesterPrincipal } from '#account/requester.ts';
import type { Database } from '#db/database.ts';
import { type Decision, decide } from '#ram/decide.ts';
import type { BuildRecord, BuildRequester } from '../build.ts';

/** What the rights of those for whom a build runs are decided with. */
export interface RequesterRightsMeans {
  readonly db: Database;
  readonly accountId: string;
  readonly regionId: string;
  now(): number;
  /** Told of every decision, for the record of calls. */
  note(decision: NotedDecision): void;
}

/** A decision made while a build ran, in the words of the record of calls, which nouns do not import. */
export interface NotedDecision {
  readonly timeMs: number;
  /** The build's id: there is no request. */
  readonly requestId: string;
  readonly callerArn: string;
  readonly accessKeyId: string;
  readonly action: string;
  readonly resource: string;
  readonly sourceIp: string | undefined;
  readonly denied: boolean;
}

/** What a build wants to do in this registry. */
interface Wish {
  readonly action: 'cr:PullRepository' | 'cr:PushRepository' | 'cr:BuildRepositoryByRule';
  /** `namespace/name`. */
  readonly repository: string;
}

/**
 * Why a build may not pull an image of this registry, or undefined where it may. Everyone for whom it runs must be allowed
 * to, by the policies of now. Says nothing of whether the image exists.
 */
export async function pullRefusal(
  means: RequesterRightsMeans,
  record: BuildRecord,
  repository: string,
): Promise<string | undefined> {
  return everyoneRefusal(means, record, { action: 'cr:PullRepository', repository });
}

/** Why a build may not push to a repository beside its own, or undefined where it may: as for a pull. */
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
  // Of a record from before it was kept nothing is known: it reads no more than a stranger may.
  for (const requester of record.requesters ?? [{ part: 'call' } as const]) {
    const refusal = await refusalOf(means, record, requester, wish);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

/**
 * Why a build may not begin, or undefined where it may: someone for whom it runs is gone, or who made its rule or asked for the
 * build that it repeats may not build there any more. Who called for this build was asked when the call came.
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
  call: 'who asked for this build',
  rule: 'who made or last changed its build rule',
  source: 'who made or last changed the source of its repository',
  record: 'who asked for the build that it repeats',
};
const FIXES: Record<BuildRequester['part'], string> = {
  call: 'ask for the build again',
  rule: 'who calls UpdateRepoBuildRule takes the rule over',
  source: 'who calls UpdateRepoSourceCodeRepo takes the source over',
  record: 'ask for a new build of the same source, not for this one once more',
};

/** The refusal where nobody is there to be allowed anything. */
function absentRefusal(
  means: RequesterRightsMeans,
  record: BuildRecord,
  requester: BuildRequester,
  wish: Wish,
): string {
  note(means, record, requester, wish, true);
  const { part, who } = requester;
  const why =
    who === undefined ? `it is not known ${ROLES[part]}` : `${who.arn}, ${ROLES[part]}, does not exist any more`;
  return `${why}, so nobody is allowed ${wish.action} on ${resourceOf(means, record, wish)} (${FIXES[part]})`;
}

function note(
  means: RequesterRightsMeans,
  record: BuildRecord,
  { who }: BuildRequester,
  wish: Wish,
  denied: boolean,
): void {
  means.note({
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
