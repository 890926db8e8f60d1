import { callNative } from '@slipway/client/call-native.ts';
import type { Command } from 'commander';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import { accountCommand } from '../frame/account-command.ts';
import { readDocument } from '../input/policy-document.ts';

const OPTIONS = [
  ['--user <name>', 'simulate a user, with the policies of the user’s groups'],
  ['--role <name>', 'simulate a role'],
  ['--document <file>', 'simulate a policy that is not attached yet: a file, or JSON'],
  ['--source-ip <address>', 'simulate a call from this address'],
  ['--time <time>', 'simulate a call at this time, such as 2026-03-01T12:00:00Z'],
  ['--tls', 'simulate a call over TLS'],
] as const;

/**
 * `slipway policy simulate`: what the server would decide, and why, without doing it. Exit code 3 if it would refuse.
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
}
