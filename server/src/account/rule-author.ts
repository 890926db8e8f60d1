import type { Database } from '#db/database.ts';
import { decide } from '#ram/decide.ts';
import type { Principal } from '#ram/principal.ts';
import type { Means } from '#rpc/context.ts';
import type { AlsoNeeded } from '#rpc/operation.ts';
import { type Requester, requesterOf, requesterPrincipal } from './requester.ts';

/** Who made or last changed a rule, or asked for a task, and what allowed it: an action on a resource. */
export interface RuleAuthor {
  readonly requester: Requester;
  readonly right: AlsoNeeded;
}

/** The account itself: the author of rules that nobody in particular made. Nothing is denied to it. */
export const ACCOUNT_AUTHOR: RuleAuthor = {
  requester: { kind: 'root', arn: '', accessKeyId: '' },
  right: { action: '', resource: '' },
};

/** What deciding an author's rights needs. */
export type AuthorRightsMeans = Pick<Means, 'accountId' | 'regionId' | 'now' | 'noteDecision'>;

/** The caller as the author of what the call makes. The right is the one that the call itself needed. */
export function authorOf({ principal }: { principal: Principal }, action: string, resource: string): RuleAuthor {
  return { requester: requesterOf(principal), right: { action, resource } };
}

/** An author, in the form that the database stores. */
export function authorText(author: RuleAuthor): string {
  return JSON.stringify(author);
}

/** Parses what `authorText` wrote. */
export function parseAuthor(text: string): RuleAuthor {
  return JSON.parse(text) as RuleAuthor;
}

/**
 * Why a rule or task may not act, as a sentence; undefined if it may. Decides again, by the policies that apply now, what was decided
 * when it was made: its author must exist and still have the right to make it, and no policy may deny the author what it does. A
 * refusal is in the record of calls, with the id of the rule or task.
 */
export async function authorRefusal(
  db: Database,
  means: AuthorRightsMeans,
  { requester, right }: RuleAuthor,
  { id, acts }: { id: string; acts: readonly AlsoNeeded[] },
): Promise<string | undefined> {
  if (requester.kind === 'root') return undefined;
  const principal = await requesterPrincipal(db, means.accountId, requester, means.now());
  const who = `${requester.arn}, who made or last changed this`;
  if (principal === undefined) {
    const { action, resource } = acts[0] ?? right;
    noteRefusal(means, id, requester, { action, resource: fullName(means, resource) });
    return `${who}, no longer exists, so nobody is allowed ${action} on ${fullName(means, resource)}.`;
  }
  const made = decide({ principal, action: right.action, resource: fullName(means, right.resource) });
  const denied = acts
    .map(({ action, resource }) => decide({ principal, action, resource: fullName(means, resource) }))
    .find(({ reason }) => reason === 'ExplicitDeny');
  const refused = made.allowed ? denied : made;
  if (refused === undefined) return undefined;
  noteRefusal(means, id, requester, refused);
  const verb = refused.reason === 'ExplicitDeny' ? 'A policy denies' : 'No policy allows';
  return `${verb} ${refused.action} on ${refused.resource} to ${who}.`;
}

function noteRefusal(
  { now, noteDecision }: AuthorRightsMeans,
  requestId: string,
  { arn, accessKeyId, call }: Requester,
  { action, resource }: AlsoNeeded,
): void {
  const caller = { callerArn: arn, accessKeyId, sourceIp: call?.sourceIp };
  noteDecision({ timeMs: now(), requestId, ...caller, action, resource, denied: true });
}

function fullName(
  { regionId, accountId }: Pick<AuthorRightsMeans, 'regionId' | 'accountId'>,
  resource: string,
): string {
  return resource === '*' ? resource : `acs:cr:${regionId}:${accountId}:${resource}`;
}
