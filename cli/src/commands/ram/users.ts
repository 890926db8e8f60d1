import type { Command } from 'commander';
import { accountCommand, columns, everyPage } from '../../frame/account-command.ts';
import { givenParams, paramsOf, type Setting } from './setting.ts';

/** What is known about a user, and the parameter of a new user; in a change, it begins with `New`. */
const ABOUT: readonly Setting[] = [
  ['--display-name <text>', 'display name', 'DisplayName'],
  ['--email <address>', 'email address of the user', 'Email'],
  ['--comments <text>', 'what the user is for', 'Comments'],
];
const CHANGES: readonly Setting[] = [
  ['--name <name>', 'new name', 'NewUserName'],
  ...ABOUT.map(([flags, description, parameter]) => [flags, description, `New${parameter}`] as const),
];

/** `slipway ram user …` */
export function registerUsers(ram: Command): void {
  const user = ram.command('user').description('users of the account');
  accountCommand(user, 'create <name>', 'create a user without any rights', ABOUT, async (client, args, options) => {
    const reply = await client.callAny('CreateUser', { UserName: args[0], ...givenParams(ABOUT, options) });
    const { UserName, UserId } = reply.User as Record<string, string>;
    return { data: reply.User, lines: [], notes: [`created the user ${UserName} (${UserId})`] };
  });
  accountCommand(
    user,
    'show <name>',
    'show a user with groups, policies and keys',
    [],
    async (client, [UserName = '']) => {
      const { User } = await client.call('GetUser', { UserName });
      const groups = (await client.call('ListGroupsForUser', { UserName })).Groups?.Group ?? [];
      const policies = (await client.call('ListPoliciesForUser', { UserName })).Policies?.Policy ?? [];
      const keys = (await client.call('ListAccessKeys', { UserName })).AccessKeys?.AccessKey ?? [];
      const lines = columns([
        ['name', User?.UserName],
        ['id', User?.UserId],
        ['created', User?.CreateDate],
        ...groups.map(({ GroupName }) => ['group', GroupName]),
        ...policies.map(({ PolicyType, PolicyName }) => ['policy', `${PolicyName} (${PolicyType})`]),
        ...keys.map(({ AccessKeyId, Status }) => ['key', `${AccessKeyId} (${Status})`]),
      ]);
      return { data: { ...User, Groups: groups, Policies: policies, AccessKeys: keys }, lines };
    },
  );
  accountCommand(user, 'list', 'list the users', [], async (client) => {
    const users = await everyPage(
      (page) => client.call('ListUsers', page),
      (reply) => reply.Users?.User,
    );
    return { data: users, lines: columns(users.map((one) => [one.UserName, one.CreateDate, one.Comments])) };
  });
  accountCommand(
    user,
    'update <name>',
    'change the given fields',
    CHANGES,
    async (client, [UserName = ''], options) => {
      const { User } = await client.callAny('UpdateUser', { UserName, ...paramsOf(CHANGES, options) });
      return { data: User, lines: [], notes: [`changed the user ${(User as { UserName: string }).UserName}`] };
    },
  );
  accountCommand(
    user,
    'delete <name>',
    'delete a user who has no keys, groups or policies',
    [],
    async (client, [UserName = '']) => {
      const reply = await client.call('DeleteUser', { UserName });
      return { data: reply, lines: [], notes: [`deleted the user ${UserName}`] };
    },
  );
}
