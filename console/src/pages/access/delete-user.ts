import { ApiCallError } from '@slipway/client/api-call-error.ts';
import { currentClient } from '../../session/session.ts';

/**
 * Deletes a user with what belongs to the user: the API refuses while there are keys, a password, groups or policies.
 * Keys go first, so that nothing signs any more, even if a later call is refused.
 */
export async function deleteUser(UserName: string): Promise<void> {
  const client = currentClient();
  const { AccessKeys } = await client.call('ListAccessKeys', { UserName });
  for (const { AccessKeyId = '' } of AccessKeys?.AccessKey ?? [])
    await client.call('DeleteAccessKey', { UserName, UserAccessKeyId: AccessKeyId });
  const { Policies } = await client.call('ListPoliciesForUser', { UserName });
  for (const { PolicyName = '', PolicyType } of Policies?.Policy ?? [])
    await client.call('DetachPolicyFromUser', {
      UserName,
      PolicyName,
      PolicyType: PolicyType === 'System' ? 'System' : 'Custom',
    });
  const { Groups } = await client.call('ListGroupsForUser', { UserName });
  for (const { GroupName = '' } of Groups?.Group ?? [])
    await client.call('RemoveUserFromGroup', { UserName, GroupName });
  await client.call('DeleteLoginProfile', { UserName }).catch((error: unknown) => {
    const hasNone = error instanceof ApiCallError && error.code === 'EntityNotExist.User.LoginProfile';
    if (!hasNone) throw error;
  });
  await client.call('DeleteUser', { UserName });
}
