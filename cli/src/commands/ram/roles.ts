import type { Client } from '@slipway/client/client.ts';
import type { Command } from 'commander';
import { accountCommand, columns, everyPage } from '../../frame/account-command.ts';
import { readDocument } from '../../input/policy-document.ts';
import { paramsOf, type Setting } from './setting.ts';

const CHANGES: readonly Setting[] = [
  ['--trust <file>', 'policy that says who may assume the role', 'NewAssumeRolePolicyDocument'],
  ['--description <text>', 'what the role is for', 'NewDescription'],
  ['--max-seconds <count>', 'how long a session may last', 'NewMaxSessionDuration'],
];

/** `slipway ram role …` */
export function registerRoles(ram: Command): void {
  const role = ram.command('role').description('roles that callers can assume');
  const creation = [
    [
      '--trust <file>',
      'policy that says who may assume the role; by default everyone in the account with sts:AssumeRole',
    ],
    ['--description <text>', 'what the role is for'],
  ] as const;
  accountCommand(role, 'create <name>', 'create a role', creation, async (client, [RoleName = ''], options) => {
    const AssumeRolePolicyDocument =
      typeof options.trust === 'string' ? readDocument(options.trust) : await trustOfAccount(client);
    const Description = typeof options.description === 'string' ? options.description : undefined;
    const { Role } = await client.call('CreateRole', { RoleName, AssumeRolePolicyDocument, Description });
    return { data: Role, lines: [], notes: [`created the role ${Role?.Arn}`] };
  });
  accountCommand(role, 'list', 'list the roles', [], async (client) => {
    const roles = await everyPage(
      (page) => client.call('ListRoles', page),
      (reply) => reply.Roles?.Role,
    );
    return { data: roles, lines: columns(roles.map((one) => [one.RoleName, one.Arn, one.Description])) };
  });
  accountCommand(role, 'show <name>', 'show a role with its policies', [], async (client, [RoleName = '']) => {
    const { Role } = await client.call('GetRole', { RoleName });
    const policies = (await client.call('ListPoliciesForRole', { RoleName })).Policies?.Policy ?? [];
    const lines = columns([
      ['arn', Role?.Arn],
      ['longest session', `${Role?.MaxSessionDuration} s`],
      ['trust', Role?.AssumeRolePolicyDocument],
      ...policies.map(({ PolicyType, PolicyName }) => ['policy', `${PolicyName} (${PolicyType})`]),
    ]);
    return { data: { ...Role, Policies: policies }, lines };
  });
  accountCommand(
    role,
    'update <name>',
    'change the given fields',
    CHANGES,
    async (client, [RoleName = ''], options) => {
      const trust = typeof options.trust === 'string' ? readDocument(options.trust) : undefined;
      const { Role } = await client.callAny('UpdateRole', { RoleName, ...paramsOf(CHANGES, { ...options, trust }) });
      return { data: Role, lines: [], notes: [`changed the role ${RoleName}`] };
    },
  );
  accountCommand(role, 'delete <name>', 'delete a role and end its sessions', [], async (client, [RoleName = '']) => {
    const reply = await client.call('DeleteRole', { RoleName });
    return { data: reply, lines: [], notes: [`deleted the role ${RoleName}`] };
  });
  const assuming = [
    ['--session <name>', 'name of the session'],
    ['--seconds <count>', 'how long the session lasts; by default an hour'],
  ] as const;
  accountCommand(
    role,
    'assume <arn>',
    'get a temporary key of a role',
    assuming,
    async (client, [RoleArn], options) => {
      const { Credentials } = await client.callAny('AssumeRole', {
        RoleArn,
        RoleSessionName: options.session ?? 'slipway',
        DurationSeconds: options.seconds,
      });
      const { AccessKeyId, AccessKeySecret, SecurityToken } = Credentials as Record<string, string>;
      const lines = [
        `SLIPWAY_ACCESS_KEY_ID=${AccessKeyId}`,
        `SLIPWAY_ACCESS_KEY_SECRET=${AccessKeySecret}`,
        `SLIPWAY_SECURITY_TOKEN=${SecurityToken}`,
      ];
      return { data: Credentials, lines };
    },
  );
}

async function trustOfAccount(client: Client): Promise<string> {
  const { AccountId } = await client.call('GetCallerIdentity', {});
  const statement = {
    Effect: 'Allow',
    Action: 'sts:AssumeRole',
    Principal: { RAM: [`acs:ram::${AccountId}:root`] },
  };
  return JSON.stringify({ Version: '1', Statement: [statement] });
}
