import { operation } from '#rpc/operation.ts';
import { listGroupsById } from '../group-store.ts';
import { ramTime } from '../names.ts';
import { checkPolicy, listTargets } from '../policies/attachment-store.ts';
import { listRolesById, roleArn } from '../role-store.ts';
import { listUsersById } from '../user-store.ts';

export default operation('ListEntitiesForPolicy', {
  async run(context, params) {
    const policy = { type: params.PolicyType, name: params.PolicyName };
    await checkPolicy(context.db, policy);
    const attached = await listTargets(context.db, policy);
    const dates = new Map(attached.map((row) => [`${row.target_kind} ${row.target_id}`, ramTime(row.attached_ms)]));
    const ids = (kind: string) => attached.filter((row) => row.target_kind === kind).map((row) => row.target_id);
    const users = await listUsersById(context.db, ids('user'));
    const groups = await listGroupsById(context.db, ids('group'));
    const roles = await listRolesById(context.db, ids('role'));
    return {
      Users: {
        User: users.map((user) => ({
          UserName: user.name,
          UserId: user.user_id,
          DisplayName: user.display_name,
          AttachDate: dates.get(`user ${user.user_id}`),
        })),
      },
      Groups: {
        Group: groups.map((group) => ({
          GroupName: group.name,
          Comments: group.comments,
          AttachDate: dates.get(`group ${group.group_id}`),
        })),
      },
      Roles: {
        Role: roles.map((role) => ({
          RoleName: role.name,
          RoleId: role.role_id,
          Arn: roleArn(context.accountId, role),
          Description: role.description,
          AttachDate: dates.get(`role ${role.role_id}`),
        })),
      },
    };
  },
});
