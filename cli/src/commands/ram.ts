import type { Command } from 'commander';
import { registerGroups } from './ram/groups.ts';
import { registerKeys } from './ram/keys.ts';
import { registerPolicies } from './ram/policies.ts';
import { registerRoles } from './ram/roles.ts';
import { registerUsers } from './ram/users.ts';

/** `slipway ram …`: users, groups, roles, keys and policies of the account. */
export function registerRam(program: Command): void {
  const ram = program.command('ram').description('who may do what: users, groups, roles, keys, policies');
  for (const register of [registerUsers, registerKeys, registerGroups, registerRoles, registerPolicies]) register(ram);
}
