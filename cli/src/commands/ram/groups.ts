import type { Command } from 'commander';
import { accountCommand, columns, everyPage } from '../../account-command.ts';

/** `slipway ram group …` */
export function registerGroups(ram: Command): void {
  const group = ram.command('group').description('groups of users');
  const comments = [['--comments <text>', 'what the group is for']] as const;
  accountCommand(group, 'create <name>', 'create a group', comments, async (client, args, options) => {
    const reply = await client.callAny('CreateGroup', { GroupName: args[0], Comments: options.comments });
    return { data: reply.Group, lines: [`created the group ${args[0]}`] };
  });
  accountCommand(group, 'list', 'list the groups', [], async (client) => {
    const groups = await everyPage(
      (page) => client.call('ListGroups', page),
      (reply) => reply.Groups?.Group,
    );
    return { data: groups, lines: columns(groups.map((one) => [one.GroupName, one.CreateDate, one.Comments])) };
  });
  accountCommand(group, 'show <name>', 'list the users of a group', [], async (client, [GroupName = '']) => {
    const users = await everyPage(
      (page) => client.call('ListUsersForGroup', { GroupName, ...page }),
      (reply) => reply.Users?.User,
    );
    return { data: users, lines: columns(users.map((one) => [one.UserName, one.JoinDate])) };
  });
  accountCommand(group, 'add <name> <user>', 'put a user into a group', [], async (client, args) => {
    const [GroupName = '', UserName = ''] = args;
    const reply = await client.call('AddUserToGroup', { GroupName, UserName });
    return { data: reply, lines: [`${UserName} is in the group ${GroupName}`] };
  });
  accountCommand(group, 'remove <name> <user>', 'take a user out of a group', [], async (client, args) => {
    const [GroupName = '', UserName = ''] = args;
    const reply = await client.call('RemoveUserFromGroup', { GroupName, UserName });
    return { data: reply, lines: [`${UserName} is no longer in the group ${GroupName}`] };
  });
  accountCommand(group, 'delete <name>', 'delete a group that is empty', [], async (client, [GroupName = '']) => {
    const reply = await client.call('DeleteGroup', { GroupName });
    return { data: reply, lines: [`deleted the group ${GroupName}`] };
  });
}
