import type { Database } from '#db/database.ts';
import type { Principal } from '#ram/principal.ts';
import { rolePrincipal, userPrincipal } from './principals.ts';

/**
 * Who asked for what is done later, as it is stored beside it: enough to decide by the policies of that time. It holds no
 * key and no token. It stands for the user or the role and not for the key that signed: a key that ends, or a session that
 * is over, takes nothing back that was asked for with it.
 */
export type Requester = AnyRequester & (RootRequester | UserRequester | RoleRequester);

interface AnyRequester {
  readonly arn: string;
  /** The id of the key that the request was signed with, for the record of calls. */
  readonly accessKeyId: string;
  /** From where and how it was asked for: what conditions can ask. */
  readonly call?: { readonly sourceIp?: string | undefined; readonly secureTransport: boolean } | undefined;
}

interface RootRequester {
  readonly kind: 'root';
}

interface UserRequester {
  readonly kind: 'user';
  /** A user who is made anew under the same name is another one. */
  readonly userId: string;
}

interface RoleRequester {
  readonly kind: 'assumed-role';
  readonly roleId: string;
  readonly sessionName: string;
  /** The text of the session's own policy, which can only narrow. */
  readonly sessionPolicy?: string | undefined;
}

/** The caller as it is stored with what it asks for. */
export function requesterOf(principal: Principal): Requester {
  const { arn, accessKeyId, call } = principal;
  const common = { arn, accessKeyId, call: call && { sourceIp: call.sourceIp, secureTransport: call.secureTransport } };
  if (principal.kind === 'root') return { kind: 'root', ...common };
  if (principal.kind === 'user') return { kind: 'user', userId: principal.userId, ...common };
  const { roleId, sessionName, sessionPolicy } = principal;
  return { kind: 'assumed-role', roleId, sessionName, sessionPolicy: sessionPolicy?.document, ...common };
}

/** As a row of the database holds it. */
export function requesterText(requester: Requester | undefined): string | null {
  return requester === undefined ? null : JSON.stringify(requester);
}

/** What `requesterText` wrote. */
export function parseRequester(text: string | null): Requester | undefined {
  return text === null ? undefined : (JSON.parse(text) as Requester);
}

/** A requester with the policies that speak for it now, or undefined where the user or the role is gone. */
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
    const user = await db.selectFrom('ram_user').selectAll().where('user_id', '=', requester.userId).executeTakeFirst();
    return user && { ...(await userPrincipal(db, accountId, user, accessKeyId)), call };
  }
  const role = await db.selectFrom('ram_role').selectAll().where('role_id', '=', requester.roleId).executeTakeFirst();
  const session = { accessKeyId, name: requester.sessionName, policy: requester.sessionPolicy ?? null };
  return role && { ...(await rolePrincipal(db, accountId, role, session)), call };
}
