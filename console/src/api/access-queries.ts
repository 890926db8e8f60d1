import { ApiCallError } from '@slipway/client/api-call-error.ts';
import { queryOptions } from '@tanstack/react-query';
import { currentClient } from '../session/session.ts';

/** What a policy can be attached to, as the paths of RAM name it. */
export type HolderKind = 'user' | 'group' | 'role';
/** `System` for a policy that the server has from the start. */
export type PolicyType = 'System' | 'Custom';

/** A list shows this many; more have to be looked up by name. */
export const LISTED = 1000;

/** The first thousand users. */
export function usersQuery() {
  return queryOptions({
    queryKey: ['access', 'users'],
    queryFn: async ({ signal }) =>
      (await currentClient().call('ListUsers', { MaxItems: LISTED }, { signal })).Users?.User ?? [],
  });
}

/** One user. */
export function userQuery(UserName: string) {
  return queryOptions({
    queryKey: ['access', 'users', UserName],
    queryFn: async ({ signal }) => (await currentClient().call('GetUser', { UserName }, { signal })).User ?? {},
  });
}

/** A key of a user, and when it signed last. */
export interface ShownKey {
  id: string;
  isActive: boolean;
  created: string | undefined;
  /** Undefined if it was never used, or if the caller may not know. */
  lastUsed: string | undefined;
}

/** The access keys of a user; of the caller without a name. */
export function accessKeysQuery(UserName?: string) {
  return queryOptions({
    queryKey: ['access', 'keys', UserName],
    queryFn: async ({ signal }): Promise<ShownKey[]> => {
      const client = currentClient();
      const { AccessKeys } = await client.call('ListAccessKeys', { UserName }, { signal });
      return Promise.all(
        (AccessKeys?.AccessKey ?? []).map(async ({ AccessKeyId: id = '', Status, CreateDate: created }) => {
          const used = await client
            .call('GetAccessKeyLastUsed', { UserName, UserAccessKeyId: id }, { signal })
            .catch(() => undefined);
          return {
            id,
            isActive: Status === 'Active',
            created,
            lastUsed: used?.AccessKeyLastUsed?.LastUsedDate || undefined,
          };
        }),
      );
    },
  });
}

/** How a user signs in to the console; null if the user has no password. */
export function loginProfileQuery(UserName: string) {
  return queryOptions({
    queryKey: ['access', 'users', UserName, 'login'],
    queryFn: async ({ signal }) => {
      try {
        return (await currentClient().call('GetLoginProfile', { UserName }, { signal })).LoginProfile ?? null;
      } catch (error) {
        if (error instanceof ApiCallError && error.code === 'EntityNotExist.User.LoginProfile') return null;
        throw error;
      }
    },
  });
}

/** The first thousand groups. */
export function groupsQuery() {
  return queryOptions({
    queryKey: ['access', 'groups'],
    queryFn: async ({ signal }) =>
      (await currentClient().call('ListGroups', { MaxItems: LISTED }, { signal })).Groups?.Group ?? [],
  });
}

/** One group. */
export function groupQuery(GroupName: string) {
  return queryOptions({
    queryKey: ['access', 'groups', GroupName],
    queryFn: async ({ signal }) => (await currentClient().call('GetGroup', { GroupName }, { signal })).Group ?? {},
  });
}

/** Whose memberships are asked for: those of a group are its members, those of a user are groups. */
export type MemberKind = 'group' | 'user';

/** A member of a group, or a group of a user. */
export interface Membership {
  name: string;
  about: string | undefined;
  since: string | undefined;
}

/** The members of a group, or the groups of a user. */
export function membershipsQuery(kind: MemberKind, name: string) {
  return queryOptions({
    queryKey: ['access', `${kind}s`, name, 'memberships'],
    queryFn: async ({ signal }): Promise<Membership[]> => {
      if (kind === 'user') {
        const { Groups } = await currentClient().call('ListGroupsForUser', { UserName: name }, { signal });
        return (Groups?.Group ?? []).map(({ GroupName: name = '', Comments: about, JoinDate: since }) => ({
          name,
          about,
          since,
        }));
      }
      const params = { GroupName: name, MaxItems: LISTED };
      const { Users } = await currentClient().call('ListUsersForGroup', params, { signal });
      return (Users?.User ?? []).map(({ UserName: name = '', DisplayName, JoinDate: since }) => ({
        name,
        about: DisplayName === name ? undefined : DisplayName,
        since,
      }));
    },
  });
}

/** The first thousand roles. */
export function rolesQuery() {
  return queryOptions({
    queryKey: ['access', 'roles'],
    queryFn: async ({ signal }) =>
      (await currentClient().call('ListRoles', { MaxItems: LISTED }, { signal })).Roles?.Role ?? [],
  });
}

/** One role. */
export function roleQuery(RoleName: string) {
  return queryOptions({
    queryKey: ['access', 'roles', RoleName],
    queryFn: async ({ signal }) => (await currentClient().call('GetRole', { RoleName }, { signal })).Role ?? {},
  });
}

/** The first thousand policies of both types. */
export function policiesQuery() {
  return queryOptions({
    queryKey: ['access', 'policies'],
    queryFn: async ({ signal }) =>
      (await currentClient().call('ListPolicies', { MaxItems: LISTED }, { signal })).Policies?.Policy ?? [],
  });
}

/** One policy with the document of its default version. */
export function policyQuery(PolicyType: PolicyType, PolicyName: string) {
  return queryOptions({
    queryKey: ['access', 'policies', PolicyType, PolicyName],
    queryFn: ({ signal }) => currentClient().call('GetPolicy', { PolicyType, PolicyName }, { signal }),
  });
}

/** The versions of a policy, newest first. */
export function policyVersionsQuery(PolicyType: PolicyType, PolicyName: string) {
  return queryOptions({
    queryKey: ['access', 'policies', PolicyType, PolicyName, 'versions'],
    queryFn: async ({ signal }) => {
      const reply = await currentClient().call('ListPolicyVersions', { PolicyType, PolicyName }, { signal });
      return [...(reply.PolicyVersions?.PolicyVersion ?? [])].reverse();
    },
  });
}

/** A user, group or role that a policy is attached to. */
export interface Holder {
  kind: HolderKind;
  name: string;
}

/** What a policy is attached to. */
export function holdersQuery(PolicyType: PolicyType, PolicyName: string) {
  return queryOptions({
    queryKey: ['access', 'policies', PolicyType, PolicyName, 'holders'],
    queryFn: async ({ signal }): Promise<Holder[]> => {
      const reply = await currentClient().call('ListEntitiesForPolicy', { PolicyType, PolicyName }, { signal });
      return [
        ...(reply.Users?.User ?? []).map(({ UserName = '' }): Holder => ({ kind: 'user', name: UserName })),
        ...(reply.Groups?.Group ?? []).map(({ GroupName = '' }): Holder => ({ kind: 'group', name: GroupName })),
        ...(reply.Roles?.Role ?? []).map(({ RoleName = '' }): Holder => ({ kind: 'role', name: RoleName })),
      ];
    },
  });
}

/** The policies that are attached to a user, group or role itself. */
export function attachedQuery({ kind, name }: Holder) {
  return queryOptions({
    queryKey: ['access', 'attached', kind, name],
    queryFn: async ({ signal }) => {
      const client = currentClient();
      if (kind === 'user')
        return (await client.call('ListPoliciesForUser', { UserName: name }, { signal })).Policies?.Policy ?? [];
      if (kind === 'group')
        return (await client.call('ListPoliciesForGroup', { GroupName: name }, { signal })).Policies?.Policy ?? [];
      return (await client.call('ListPoliciesForRole', { RoleName: name }, { signal })).Policies?.Policy ?? [];
    },
  });
}

/** Attaches a policy to a user, group or role. */
export function attach({ kind, name }: Holder, PolicyType: PolicyType, PolicyName: string): Promise<unknown> {
  const policy = { PolicyType, PolicyName };
  if (kind === 'user') return currentClient().call('AttachPolicyToUser', { ...policy, UserName: name });
  if (kind === 'group') return currentClient().call('AttachPolicyToGroup', { ...policy, GroupName: name });
  return currentClient().call('AttachPolicyToRole', { ...policy, RoleName: name });
}

/** Detaches it again. */
export function detach({ kind, name }: Holder, PolicyType: PolicyType, PolicyName: string): Promise<unknown> {
  const policy = { PolicyType, PolicyName };
  if (kind === 'user') return currentClient().call('DetachPolicyFromUser', { ...policy, UserName: name });
  if (kind === 'group') return currentClient().call('DetachPolicyFromGroup', { ...policy, GroupName: name });
  return currentClient().call('DetachPolicyFromRole', { ...policy, RoleName: name });
}

/** The rules for passwords. */
export function passwordPolicyQuery() {
  return queryOptions({
    queryKey: ['access', 'password policy'],
    queryFn: async ({ signal }) =>
      (await currentClient().call('ims.GetPasswordPolicy', {}, { signal })).PasswordPolicy ?? {},
  });
}

/** How users sign in. */
export function signInQuery() {
  return queryOptions({
    queryKey: ['access', 'sign-in'],
    queryFn: async ({ signal }) =>
      (await currentClient().call('ims.GetSecurityPreference', {}, { signal })).SecurityPreference ?? {},
  });
}
