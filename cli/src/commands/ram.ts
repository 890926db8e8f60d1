import type { Command } from 'commander';
import { registerAccount } from './ram/account.ts';
import { registerGroups } from './ram/groups.ts';
import { registerKeys } from './ram/keys.ts';
import { registerLogins } from './ram/logins.ts';
import { registerPolicies } from './ram/policies.ts';
import { registerRoles } from './ram/roles.ts';
import { registerTags } from './ram/tags.ts';
import { registerUsers } from './ram/users.ts';

/** `slipway ram …`: users, groups, roles, keys, policies, passwords and tags, and the settings of the account. */
export function registerRam(program: Command): void {
  const ram = program.command('ram').description('users, roles and policies: who may do what, and how users sign in');
  for (const register of [
    registerUsers,
    registerKeys,
    registerGroups,
    registerRoles,
    registerPolicies,
    registerLogins,
    registerTags,
    registerAccount,
  ])
    register(ram);
}
