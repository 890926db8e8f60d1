import type { Database } from '#db/database.ts';
import type { Principal } from '#ram/principal.ts';
import { rolePrincipal, userPrincipal } from './principals.ts';
import { findRoleById } from './role-store.ts';
import { findUserById } from './user-store.ts';

/**
 * Who requested work that runs later, stored with that work. It has what is needed to authorize by the policies that apply
 * when the work runs, and contains no key or token. It identifies the user or the role, not the key that signed: a request
 * stays valid after its key or session ends.
 */
export type Requester = AnyRequester & (RootRequester | UserRequester | RoleRequester);

interface AnyRequester {
  readonly arn: string;
  /** The id of the key that the request was signed with, for the record of calls. */
  readonly accessKeyId: string;
  /** Where the request came from and how, for policy conditions. */
  readonly call?: { readonly sourceIp?: string | undefined; readonly secureTransport: boolean } | undefined;
}

interface RootRequester {
  readonly kind: 'root';
}

interface UserRequester {
  readonly kind: 'user';
  /** The id, because a user who is deleted and created again under the same name is a different user. */
  readonly userId: string;
}

interface RoleRequester {
  readonly kind: 'assumed-role';
  readonly roleId: string;
  readonly sessionName: string;
  /** The document of the session's own policy, which can only narrow the rights. */
  readonly sessionPolicy?: string | undefined;
}

/** The caller, in the form that is stored with a request. */
export function requesterOf(principal: Principal): Requester {
  const { arn, accessKeyId, call } = principal;
  const common = { arn, accessKeyId, call: call && { sourceIp: call.sourceIp, secureTransport: call.secureTransport } };
  if (principal.kind === 'root') return { kind: 'root', ...common };
  if (principal.kind === 'user') return { kind: 'user', userId: principal.userId, ...common };
  const { roleId, sessionName, sessionPolicy } = principal;
  return { kind: 'assumed-role', roleId, sessionName, sessionPolicy: sessionPolicy?.document, ...common };
}

/** A requester, in the form that the database stores. */
export function requesterText(requester: Requester | undefined): string | null {
  return requester === undefined ? null : JSON.stringify(requester);
}

/** Parses what `requesterText` wrote. */
export function parseRequester(text: string | null): Requester | undefined {
  return text === null ? undefined : (JSON.parse(text) as Requester);
}

/** A requester with the policies that apply now, or undefined if the user or role no longer exists. */
export async function requesterPrincipal(
  db: Database,
  accountId: string,
  requester: Requester,
  nowMs: number,
): Promise<Principal | undefined> {
  const { arn, accessKeyId } = requester;
  const call = requester.call && { timeMs: nowMs, ...requester.call };
  if (requester.kind === 'root') return { kind: 'root', accountId, accessKeyId, arn, call };
  if (requester.kind === 'user') {
    const user = await findUserById(db, requester.userId);
    return user && { ...(await userPrincipal(db, accountId, user, accessKeyId)), call };
  }
  const role = await findRoleById(db, requester.roleId);
  const session = { accessKeyId, name: requester.sessionName, policy: requester.sessionPolicy ?? null };
  return role && { ...(await rolePrincipal(db, accountId, role, session)), call };
}
