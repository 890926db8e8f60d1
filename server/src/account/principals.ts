import type { Database } from '#db/database.ts';
import type { AttachedPolicy, RolePrincipal, SessionPolicy, UserPrincipal } from '#ram/principal.ts';
import { findSystemPolicy } from '#ram/system-policies.ts';
import { listGroupsOf } from './group-store.ts';
import { type AttachmentTarget, listAttachments } from './policies/attachment-store.ts';
import { readStoredPolicy } from './policies/check-policy.ts';
import { findDefaultDocument } from './policies/policy-store.ts';
import type { RoleRow } from './role-store.ts';
import type { UserRow } from './user-store.ts';

/** A user with all policies that apply: the user's own and those of the user's groups. */
export async function userPrincipal(
  db: Database,
  accountId: string,
  user: UserRow,
  accessKeyId: string,
): Promise<UserPrincipal> {
  const policies = await attachedPolicies(db, { kind: 'user', id: user.user_id, name: user.name });
  for (const group of await listGroupsOf(db, user)) {
    policies.push(...(await attachedPolicies(db, { kind: 'group', id: group.group_id, name: group.name })));
  }
  const arn = `acs:ram::${accountId}:user/${user.name}`;
  return { kind: 'user', accountId, accessKeyId, arn, userId: user.user_id, userName: user.name, policies };
}

/** A session of a role with the role's policies, narrowed by the session's policy if it has one. */
export async function rolePrincipal(
  db: Database,
  accountId: string,
  role: RoleRow,
  session: { accessKeyId: string; name: string; policy: string | null },
): Promise<RolePrincipal> {
  return {
    kind: 'assumed-role',
    accountId,
    accessKeyId: session.accessKeyId,
    arn: `acs:ram::${accountId}:assumed-role/${role.name}/${session.name}`,
    roleId: role.role_id,
    roleName: role.name,
    sessionName: session.name,
    policies: await attachedPolicies(db, { kind: 'role', id: role.role_id, name: role.name }),
    ...(session.policy === null ? {} : { sessionPolicy: sessionPolicyOf(session.name, session.policy) }),
  };
}

function sessionPolicyOf(name: string, document: string): SessionPolicy {
  return { document, policy: readStoredPolicy(`the policy of ${name}`, document) };
}

async function attachedPolicies(db: Database, { kind, id, name }: AttachmentTarget): Promise<AttachedPolicy[]> {
  const through = `${kind} ${name}`;
  const found: AttachedPolicy[] = [];
  for (const { policy_type, policy_name } of await listAttachments(db, kind, id)) {
    if (policy_type === 'System') {
      const policy = findSystemPolicy(policy_name)?.policy;
      if (policy) found.push({ name: policy_name, type: 'System', through, policy });
      continue;
    }
    const document = await findDefaultDocument(db, policy_name);
    if (document !== undefined) {
      const policy = readStoredPolicy(`the policy ${policy_name}`, document);
      found.push({ name: policy_name, type: 'Custom', through, policy });
    }
  }
  return found;
}
