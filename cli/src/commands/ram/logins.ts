import type { Command } from 'commander';
import { CliError, EXIT_CODES } from '../../error/cli-error.ts';
import { accountCommand, columns } from '../../frame/account-command.ts';
import type { CommandOptions } from '../../frame/server-command.ts';
import { readGivenLine } from '../../input/given-file.ts';

const PASSWORD = ['--password-file <file>', 'file with the password; - reads standard input'] as const;
const RESET = [
  '--must-change <true|false>',
  'whether the user must choose a new password at the next sign-in',
] as const;
const OWN = [
  ['--old-file <file>', 'file with the current password; - reads standard input'],
  ['--new-file <file>', 'file with the new password'],
] as const;

/** `slipway ram login …` and `slipway ram password`: passwords of users, for the console. */
export function registerLogins(ram: Command): void {
  const login = ram.command('login').description('passwords of users, to sign in to the console');
  for (const [verb, action, description, must] of [
    ['create', 'CreateLoginProfile', 'give a user a password', true],
    ['update', 'UpdateLoginProfile', 'change the password of a user or its rules', false],
  ] as const) {
    accountCommand(
      login,
      `${verb} <user>`,
      description,
      [PASSWORD, RESET],
      async (client, [UserName = ''], options) => {
        const Password = passwordOf(options.passwordFile, '--password-file', must);
        const { LoginProfile } = await client.callAny(action, {
          UserName,
          Password,
          PasswordResetRequired: options.mustChange,
        });
        return { data: LoginProfile, lines: [], notes: [`${UserName} signs in with a password`] };
      },
    );
  }
  accountCommand(login, 'show <user>', 'show whether a user has a password', [], async (client, [UserName = '']) => {
    const { LoginProfile } = await client.call('GetLoginProfile', { UserName });
    const lines = columns([
      ['user', LoginProfile?.UserName],
      ['since', LoginProfile?.CreateDate],
      ['must change', String(LoginProfile?.PasswordResetRequired)],
    ]);
    return { data: LoginProfile, lines };
  });
  accountCommand(login, 'delete <user>', 'remove the password of a user', [], async (client, [UserName = '']) => {
    const reply = await client.call('DeleteLoginProfile', { UserName });
    return { data: reply, lines: [], notes: [`${UserName} can no longer sign in`] };
  });
  accountCommand(ram, 'password', 'change your own password, with your own key', OWN, async (client, _, options) => {
    if (options.oldFile !== undefined && options.oldFile === options.newFile)
      throw new CliError(EXIT_CODES.usage, 'name two files, of which one may be -');
    const OldPassword = passwordOf(options.oldFile, '--old-file', true) ?? '';
    const NewPassword = passwordOf(options.newFile, '--new-file', true) ?? '';
    const reply = await client.call('ChangePassword', { OldPassword, NewPassword });
    return { data: reply, lines: [], notes: ['the password was changed'] };
  });
}

function passwordOf(file: CommandOptions[string], option: string, must: boolean): string | undefined {
  if (typeof file === 'string') return readGivenLine(file, 'password file');
  if (must)
    throw new CliError(EXIT_CODES.usage, `name the file with the password: ${option} FILE, - for standard input`);
  return undefined;
}
