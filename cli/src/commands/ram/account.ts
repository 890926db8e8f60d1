import type { Command } from 'commander';
import { accountCommand } from '../../account-command.ts';
import { paramsOf, type Setting, settingLines } from './setting.ts';

const PASSWORDS: readonly Setting[] = [
  ['--minimum-length <count>', 'characters it has at least: 8 to 32', 'MinimumPasswordLength'],
  ['--lower-case <true|false>', 'whether it needs a lower-case letter', 'RequireLowercaseCharacters'],
  ['--upper-case <true|false>', 'whether it needs an upper-case letter', 'RequireUppercaseCharacters'],
  ['--digits <true|false>', 'whether it needs a digit', 'RequireNumbers'],
  ['--symbols <true|false>', 'whether it needs another character', 'RequireSymbols'],
  ['--different <count>', 'different characters it has at least: 0 to 8', 'MinimumPasswordDifferentCharacter'],
  ['--without-name <true|false>', "whether it may not hold the user's name", 'PasswordNotContainUserName'],
  ['--reuse <count>', 'it differs from so many of the last ones: 0 to 24', 'PasswordReusePrevention'],
  ['--max-age <days>', 'it is good for so many days; 0 is for ever', 'MaxPasswordAge'],
  ['--hard-expiry <true|false>', 'whether one too old is refused, not only asked to be changed', 'HardExpire'],
  ['--attempts <count>', 'wrong ones within an hour; 0 is any number', 'MaxLoginAttemps'],
];
const SIGN_IN: readonly Setting[] = [
  ['--session-hours <count>', 'how long a sign-in lasts: 1 to 24', 'LoginSessionDuration'],
  ['--from <ranges>', 'addresses and ranges to sign in from, with ; between; empty is everywhere', 'LoginNetworkMasks'],
  ['--change-password <true|false>', 'whether users may change their own password', 'AllowUserToChangePassword'],
];

/** `slipway ram alias …`, `password-policy …` and `sign-in …`: what holds for the account as a whole. */
export function registerAccount(ram: Command): void {
  const alias = ram.command('alias').description('name of the account beside its number, to sign in with');
  accountCommand(alias, 'show', 'show it', [], async (client) => {
    const reply = await client.call('GetAccountAlias', {});
    return { data: reply, lines: reply.AccountAlias ? [reply.AccountAlias] : [] };
  });
  accountCommand(alias, 'set <name>', 'give the account a name', [], async (client, [AccountAlias = '']) => {
    const reply = await client.call('SetAccountAlias', { AccountAlias });
    return { data: reply, lines: [`the account is called ${AccountAlias}`] };
  });
  accountCommand(alias, 'clear', 'take the name away', [], async (client) => {
    return { data: await client.call('ClearAccountAlias', {}), lines: ['the account has its number alone'] };
  });
  registerSettings(ram, 'password-policy', 'what passwords of users must be', 'PasswordPolicy', PASSWORDS);
  registerSettings(ram, 'sign-in', 'how users sign in to the console', 'SecurityPreference', SIGN_IN);
}

/** `show` and `set` of settings that stand together; product ims knows all of them. */
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
  accountCommand(group, 'set', 'change what is given, and nothing else', settings, async (client, _, options) => {
    const reply = await client.callAny(`ims.Set${field}`, paramsOf(settings, options));
    return { data: reply[field], lines: settingLines(settings, reply[field]) };
  });
}
