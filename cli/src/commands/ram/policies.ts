import type { Command } from 'commander';
import { CliError, EXIT_CODES } from '../../error/cli-error.ts';
import { accountCommand, columns, everyPage } from '../../frame/account-command.ts';
import type { CommandOptions } from '../../frame/server-command.ts';
import { allowing, readDocument } from '../../input/policy-document.ts';

const DOCUMENT = [
  ['--document <file>', 'the policy: a file, or JSON'],
  ['--allow <actions>', 'instead of a document: actions to allow, separated by commas'],
  ['--resource <arns>', 'resources for --allow, separated by commas; by default all'],
] as const;
const TARGET = [
  ['--user <name>', 'the user'],
  ['--group <name>', 'the group'],
  ['--role <name>', 'the role'],
] as const;
const KINDS = ['User', 'Group', 'Role'] as const;

/** `slipway ram policy …` */
export function registerPolicies(ram: Command): void {
  const policy = ram.command('policy').description('policies, which say what users and roles may do');
  const creation = [...DOCUMENT, ['--description <text>', 'what the policy is for']] as const;
  accountCommand(policy, 'create <name>', 'create a policy', creation, async (client, [PolicyName = ''], options) => {
    const PolicyDocument = documentOf(options);
    const Description = typeof options.description === 'string' ? options.description : undefined;
    const { Policy } = await client.call('CreatePolicy', { PolicyName, PolicyDocument, Description });
    return { data: Policy, lines: [], notes: [`created the policy ${PolicyName}`] };
  });
  accountCommand(
    policy,
    'update <name>',
    'add a new version of a policy and make it the default',
    DOCUMENT,
    async (client, args, options) => {
      const [PolicyName = ''] = args;
      const { PolicyVersion } = await client.call('CreatePolicyVersion', {
        PolicyName,
        PolicyDocument: documentOf(options),
        SetAsDefault: true,
        RotateStrategy: 'DeleteOldestNonDefaultVersionWhenLimitExceeded',
      });
      return {
        data: PolicyVersion,
        lines: [],
        notes: [`${PolicyName}: the default version is now ${PolicyVersion?.VersionId}`],
      };
    },
  );
  accountCommand(policy, 'list', 'list the policies', [], async (client) => {
    const policies = await everyPage(
      (page) => client.call('ListPolicies', page),
      (reply) => reply.Policies?.Policy,
    );
    const rows = policies.map((one) => [one.PolicyName, one.PolicyType, one.DefaultVersion, one.Description]);
    return { data: policies, lines: columns(rows) };
  });
  accountCommand(policy, 'show <name> [version]', 'show a policy', [], async (client, args) => {
    const [PolicyName = '', VersionId] = args;
    const named = { PolicyName, PolicyType: typeOf(PolicyName) };
    if (VersionId !== undefined) {
      const { PolicyVersion } = await client.call('GetPolicyVersion', { ...named, VersionId });
      return { data: PolicyVersion, lines: [PolicyVersion?.PolicyDocument ?? ''] };
    }
    const { Policy } = await client.call('GetPolicy', named);
    return { data: Policy, lines: [Policy?.PolicyDocument ?? ''] };
  });
  accountCommand(policy, 'describe <name> <text>', 'change the description of a policy', [], async (client, args) => {
    const [PolicyName = '', NewDescription = ''] = args;
    const { Policy } = await client.call('UpdatePolicyDescription', { PolicyName, NewDescription });
    return { data: Policy, lines: [], notes: [`${PolicyName} is for: ${NewDescription}`] };
  });
  accountCommand(policy, 'holders <name>', 'list who has a policy', [], async (client, [PolicyName = '']) => {
    const named = { PolicyName, PolicyType: typeOf(PolicyName) };
    const { Users, Groups, Roles } = await client.call('ListEntitiesForPolicy', named);
    const users = Users?.User ?? [];
    const groups = Groups?.Group ?? [];
    const roles = Roles?.Role ?? [];
    const lines = columns([
      ...users.map(({ UserName }) => ['user', UserName]),
      ...groups.map(({ GroupName }) => ['group', GroupName]),
      ...roles.map(({ RoleName }) => ['role', RoleName]),
    ]);
    return { data: { Users: users, Groups: groups, Roles: roles }, lines };
  });
  accountCommand(policy, 'versions <name>', 'list the versions of a policy', [], async (client, [PolicyName = '']) => {
    const { PolicyVersions } = await client.call('ListPolicyVersions', {
      PolicyName,
      PolicyType: typeOf(PolicyName),
    });
    const versions = PolicyVersions?.PolicyVersion ?? [];
    const rows = versions.map((one) => [one.VersionId, one.CreateDate, one.IsDefaultVersion ? 'default' : '']);
    return { data: versions, lines: columns(rows) };
  });
  accountCommand(policy, 'use <name> <version>', 'make an earlier version the default', [], async (client, args) => {
    const [PolicyName = '', VersionId = ''] = args;
    const reply = await client.call('SetDefaultPolicyVersion', { PolicyName, VersionId });
    return { data: reply, lines: [], notes: [`the default version of ${PolicyName} is now ${VersionId}`] };
  });
  accountCommand(policy, 'delete <name>', 'delete a policy that nobody has', [], async (client, args) => {
    const [PolicyName = ''] = args;
    const { PolicyVersions } = await client.call('ListPolicyVersions', { PolicyName, PolicyType: 'Custom' });
    for (const { VersionId = '', IsDefaultVersion } of PolicyVersions?.PolicyVersion ?? []) {
      if (!IsDefaultVersion) await client.call('DeletePolicyVersion', { PolicyName, VersionId });
    }
    const reply = await client.call('DeletePolicy', { PolicyName });
    return { data: reply, lines: [], notes: [`deleted the policy ${PolicyName}`] };
  });
  accountCommand(
    policy,
    'attach <name>',
    'attach a policy to a user, group or role',
    TARGET,
    async (client, args, options) => {
      const [kind, name] = targetOf(options);
      const [PolicyName = ''] = args;
      const named = { PolicyName, PolicyType: typeOf(PolicyName), [`${kind}Name`]: name };
      const reply = await client.callAny(`AttachPolicyTo${kind}`, named);
      return { data: reply, lines: [], notes: [`${PolicyName} is attached to the ${kind.toLowerCase()} ${name}`] };
    },
  );
  accountCommand(
    policy,
    'detach <name>',
    'detach a policy from a user, group or role',
    TARGET,
    async (client, args, options) => {
      const [kind, name] = targetOf(options);
      const [PolicyName = ''] = args;
      const named = { PolicyName, PolicyType: typeOf(PolicyName), [`${kind}Name`]: name };
      const reply = await client.callAny(`DetachPolicyFrom${kind}`, named);
      return {
        data: reply,
        lines: [],
        notes: [`${PolicyName} is no longer attached to the ${kind.toLowerCase()} ${name}`],
      };
    },
  );
}

/** System policies have names that begin like this; a custom policy cannot have one of them. */
function typeOf(policyName: string): 'System' | 'Custom' {
  return policyName.startsWith('Aliyun') ? 'System' : 'Custom';
}

function documentOf(options: CommandOptions): string {
  const { document, allow, resource } = options as { document?: string; allow?: string; resource?: string };
  if ((document === undefined) === (allow === undefined)) {
    throw new CliError(EXIT_CODES.usage, 'give the policy with either --document or --allow');
  }
  if (document !== undefined) return readDocument(document);
  return allowing((allow ?? '').split(','), (resource ?? '*').split(','));
}

function targetOf(options: CommandOptions): [(typeof KINDS)[number], string] {
  const given = KINDS.flatMap((kind): [(typeof KINDS)[number], string][] => {
    const name = options[kind.toLowerCase()];
    return typeof name === 'string' ? [[kind, name]] : [];
  });
  const [first, ...others] = given;
  if (!first || others.length > 0) throw new CliError(EXIT_CODES.usage, 'name one of --user, --group and --role');
  return first;
}
