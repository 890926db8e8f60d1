import type { Command } from 'commander';
import { accountCommand, columns, everyPage } from '../../frame/account-command.ts';
import { paramsOf, type Setting } from './setting.ts';

const COMMENTS = ['--comments <text>', 'what the group is for'] as const;
const CHANGES: readonly Setting[] = [
  ['--name <name>', 'new name', 'NewGroupName'],
  [...COMMENTS, 'NewComments'],
];

/** `slipway ram group …` */
export function registerGroups(ram: Command): void {
  const group = ram.command('group').description('groups of users');
  accountCommand(group, 'create <name>', 'create a group', [COMMENTS], async (client, args, options) => {
    const reply = await client.callAny('CreateGroup', { GroupName: args[0], Comments: options.comments });
    return { data: reply.Group, lines: [], notes: [`created the group ${args[0]}`] };
  });
  accountCommand(group, 'list', 'list the groups', [], async (client) => {
    const groups = await everyPage(
      (page) => client.call('ListGroups', page),
      (reply) => reply.Groups?.Group,
    );
    return { data: groups, lines: columns(groups.map((one) => [one.GroupName, one.CreateDate, one.Comments])) };
  });
  accountCommand(group, 'show <name>', 'show a group with its users and policies', [], async (client, args) => {
    const [GroupName = ''] = args;
    const { Group } = await client.call('GetGroup', { GroupName });
    const users = await everyPage(
      (page) => client.call('ListUsersForGroup', { GroupName, ...page }),
      (reply) => reply.Users?.User,
    );
    const policies = (await client.call('ListPoliciesForGroup', { GroupName })).Policies?.Policy ?? [];
    const lines = columns([
      ['name', Group?.GroupName],
      ['created', Group?.CreateDate],
      ...users.map(({ UserName }) => ['user', UserName]),
      ...policies.map(({ PolicyType, PolicyName }) => ['policy', `${PolicyName} (${PolicyType})`]),
    ]);
    return { data: { ...Group, Users: users, Policies: policies }, lines };
  });
  accountCommand(group, 'add <name> <user>', 'add a user to a group', [], async (client, args) => {
    const [GroupName = '', UserName = ''] = args;
    const reply = await client.call('AddUserToGroup', { GroupName, UserName });
    return { data: reply, lines: [], notes: [`${UserName} is in the group ${GroupName}`] };
  });
  accountCommand(group, 'remove <name> <user>', 'remove a user from a group', [], async (client, args) => {
    const [GroupName = '', UserName = ''] = args;
    const reply = await client.call('RemoveUserFromGroup', { GroupName, UserName });
    return { data: reply, lines: [], notes: [`${UserName} is no longer in the group ${GroupName}`] };
  });
  accountCommand(
    group,
    'update <name>',
    'change the given fields',
    CHANGES,
    async (client, [GroupName = ''], options) => {
      const { Group } = await client.callAny('UpdateGroup', { GroupName, ...paramsOf(CHANGES, options) });
      return { data: Group, lines: [], notes: [`changed the group ${(Group as { GroupName: string }).GroupName}`] };
    },
  );
  accountCommand(group, 'delete <name>', 'delete an empty group', [], async (client, [GroupName = '']) => {
    const reply = await client.call('DeleteGroup', { GroupName });
    return { data: reply, lines: [], notes: [`deleted the group ${GroupName}`] };
  });
}
