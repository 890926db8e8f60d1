import { callNative } from '@slipway/client/call-native.ts';
import type { NativeCalls } from '@slipway/client/native.gen.ts';
import type { Command } from 'commander';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import { accountCommand, columns } from '../frame/account-command.ts';
import { readDocument } from '../input/policy-document.ts';

const OPTIONS = [
  ['--user <name>', 'simulate a user, with the policies of the user’s groups'],
  ['--role <name>', 'simulate a role'],
  ['--document <file>', 'simulate a policy that is not attached yet: a file, or JSON'],
  ['--source-ip <address>', 'simulate a call from this address'],
  ['--time <time>', 'simulate a call at this time, such as 2026-03-01T12:00:00Z'],
  ['--tls', 'simulate a call over TLS'],
] as const;

type AllowedCaller = NativeCalls['listAllowedCallers']['reply']['Callers'][number];

/**
 * `slipway policy simulate`: what the server would decide, and why, without doing it. Exit code 3 if it would refuse.
 * `slipway policy who`: everyone who may make a call.
 */
export function registerPolicy(program: Command): void {
  const policy = program.command('policy').description('test policies');
  const usage = 'simulate <action> [resource]';
  accountCommand(
    policy,
    usage,
    'show whether a call would be allowed, and why',
    OPTIONS,
    async (client, args, options) => {
      const { user, role, document, sourceIp, time, tls } = options as Record<string, string | undefined>;
      if ([user, role, document].filter((one) => one !== undefined).length !== 1) {
        throw new CliError(EXIT_CODES.usage, 'give one of --user, --role and --document');
      }
      const reply = await callNative(client, 'simulatePolicy', {
        Action: args[0] ?? '',
        Resource: args[1] ?? '*',
        UserName: user,
        RoleName: role,
        PolicyDocument: document === undefined ? undefined : readDocument(document),
        SourceIp: sourceIp,
        Time: time,
        SecureTransport: tls !== undefined,
      });
      if (!reply.Allowed) process.exitCode = EXIT_CODES.refused;
      const considered = reply.Considered.map((one) => {
        return `  ${one.Effect} in statement ${one.Statement} of ${one.Policy}: ${one.Outcome}`;
      });
      return { data: reply, lines: [reply.Allowed ? 'allowed' : 'denied', reply.Explanation, ...considered] };
    },
  );
  accountCommand(
    policy,
    'who <action> [resource]',
    'show who may make a call, and by which policy',
    [],
    async (client, [action = '', resource = '*']) => {
      const callers: AllowedCaller[] = [];
      for (let cursor: string | undefined; ; ) {
        const page = await callNative(client, 'listAllowedCallers', { action, resource, cursor });
        callers.push(...page.Callers);
        cursor = page.Cursor;
        if (cursor === undefined) break;
      }
      const rows = callers.map(({ UserName, RoleName, Allowed, Policy, Statement }) => [
        UserName === undefined ? `role ${RoleName}` : `user ${UserName}`,
        Allowed ? 'allowed' : 'denied',
        `by statement ${Statement} of ${Policy}`,
      ]);
      return { data: { Callers: callers }, lines: columns([['the owner of the account', 'allowed', ''], ...rows]) };
    },
  );
}
