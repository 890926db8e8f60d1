import { type Policy, parsePolicy } from './policy.ts';

/** A policy that every account has and nobody can change. */
export interface SystemPolicy {
  readonly name: string;
  readonly description: string;
  readonly document: string;
  readonly policy: Policy;
}

/** The vendor's two policies for the registry and its two for the account, with the actions that this server has. */
export const systemPolicies: readonly SystemPolicy[] = [
  systemPolicy('AliyunContainerRegistryFullAccess', 'Full access to Container Registry.', ['cr:*']),
  systemPolicy('AliyunContainerRegistryReadOnlyAccess', 'Read-only access to Container Registry.', [
    'cr:Get*',
    'cr:List*',
    'cr:Pull*',
  ]),
  systemPolicy('AliyunRAMFullAccess', 'Manage users, groups, roles and policies.', ['ram:*']),
  systemPolicy('AliyunSTSAssumeRoleAccess', 'Assume roles that trust the caller.', ['sts:AssumeRole']),
];

/** The system policy with this name, or undefined. */
export function findSystemPolicy(name: string): SystemPolicy | undefined {
  return systemPolicies.find((policy) => policy.name === name);
}

function systemPolicy(name: string, description: string, actions: readonly string[]): SystemPolicy {
  const statement = { Effect: 'Allow', Action: actions, Resource: '*' };
  const document = JSON.stringify({ Version: '1', Statement: [statement] });
  return { name, description, document, policy: parsePolicy(document) };
}
