import type { Command } from 'commander';
import { accountCommand } from '../../frame/account-command.ts';
import { paramsOf, type Setting, settingLines } from './setting.ts';

const PASSWORDS: readonly Setting[] = [
  ['--minimum-length <count>', 'minimum length: 8 to 32 characters', 'MinimumPasswordLength'],
  ['--lower-case <true|false>', 'whether it needs a lower-case letter', 'RequireLowercaseCharacters'],
  ['--upper-case <true|false>', 'whether it needs an upper-case letter', 'RequireUppercaseCharacters'],
  ['--digits <true|false>', 'whether it needs a digit', 'RequireNumbers'],
  ['--symbols <true|false>', 'whether it needs another character', 'RequireSymbols'],
  ['--different <count>', 'minimum number of different characters: 0 to 8', 'MinimumPasswordDifferentCharacter'],
  ['--without-name <true|false>', "whether it must not contain the user's name", 'PasswordNotContainUserName'],
  ['--reuse <count>', 'number of previous passwords that it must differ from: 0 to 24', 'PasswordReusePrevention'],
  ['--max-age <days>', 'days until it expires; 0 means never', 'MaxPasswordAge'],
  [
    '--hard-expiry <true|false>',
    'whether an expired password is refused instead of having to be changed',
    'HardExpire',
  ],
  ['--attempts <count>', 'wrong passwords allowed per hour; 0 means any number', 'MaxLoginAttemps'],
];
const SIGN_IN: readonly Setting[] = [
  ['--session-hours <count>', 'hours that a sign-in lasts: 1 to 24', 'LoginSessionDuration'],
  [
    '--from <ranges>',
    'addresses and ranges to sign in from, separated by semicolons; empty means everywhere',
    'LoginNetworkMasks',
  ],
  ['--change-password <true|false>', 'whether users may change their own password', 'AllowUserToChangePassword'],
];

/** `slipway ram alias …`, `password-policy …` and `sign-in …`: the settings of the account. */
export function registerAccount(ram: Command): void {
  const alias = ram.command('alias').description('alias of the account, to sign in with instead of its number');
  accountCommand(alias, 'show', 'show the alias', [], async (client) => {
    const reply = await client.call('GetAccountAlias', {});
    return { data: reply, lines: reply.AccountAlias ? [reply.AccountAlias] : [] };
  });
  accountCommand(alias, 'set <name>', 'set the alias', [], async (client, [AccountAlias = '']) => {
    const reply = await client.call('SetAccountAlias', { AccountAlias });
    return { data: reply, lines: [], notes: [`the account's alias is ${AccountAlias}`] };
  });
  accountCommand(alias, 'clear', 'remove the alias', [], async (client) => {
    return { data: await client.call('ClearAccountAlias', {}), lines: [], notes: ['the account has no alias'] };
  });
  registerSettings(ram, 'password-policy', 'rules for the passwords of users', 'PasswordPolicy', PASSWORDS);
  registerSettings(ram, 'sign-in', 'how users sign in to the console', 'SecurityPreference', SIGN_IN);
}

/** `show` and `set` of a group of settings; product ims has all of them. */
function registerSettings(
  ram: Command,
  name: string,
  description: string,
  field: 'PasswordPolicy' | 'SecurityPreference',
  settings: readonly Setting[],
): void {
  const group = ram.command(name).description(description);
  accountCommand(group, 'show', 'show the settings', [], async (client) => {
    const reply = await client.callAny(`ims.Get${field}`, {});
    return { data: reply[field], lines: settingLines(settings, reply[field]) };
  });
  accountCommand(group, 'set', 'change the given settings', settings, async (client, _, options) => {
    const reply = await client.callAny(`ims.Set${field}`, paramsOf(settings, options));
    return { data: reply[field], lines: settingLines(settings, reply[field]) };
  });
}
