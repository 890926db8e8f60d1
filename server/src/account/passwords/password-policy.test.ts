import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changedPasswordPolicy, checkPassword, DEFAULT_PASSWORD_POLICY } from './password-policy.ts';

test('each rule of the password policy refuses what breaks it, and the message names the rule and not the password', () => {
  const cases: [rule: object, broken: string, kept: string, message: RegExp][] = [
    [{ minimumLength: 12 }, 'elevenchars', 'twelve-chars', /11 characters; at least 12 are required/],
    [{ requireLowercase: true }, 'ALL CAPITALS', 'ALL CAPITALs', /no lower-case letter/],
    [{ requireUppercase: true }, 'all small', 'all smalL', /no upper-case letter/],
    [{ requireNumbers: true }, 'no-digits', 'no-digits-1', /no digit/],
    [{ requireSymbols: true }, 'Letters1', 'Letters 1', /no character other than letters and digits/],
    [{ minimumDifferentCharacters: 4 }, 'abcabcabc', 'abcdabcd', /fewer than 4 different characters/],
    [{ mayContainUserName: false }, 'my-ADA-secret', 'my-own-secret', /the user's name/],
  ];
  for (const [rule, broken, kept, message] of cases) {
    const policy = { ...DEFAULT_PASSWORD_POLICY, ...rule };
    const refused = { code: 'InvalidParameter.Password', status: 400, message };
    assert.throws(() => checkPassword(policy, broken, 'ada'), refused);
    assert.throws(
      () => checkPassword(policy, broken, 'ada'),
      (error: Error) => !error.message.includes(broken),
    );
    checkPassword(policy, kept, 'ada');
  }
});

test('a password policy keeps fields that are not sent, and the refusal of a number out of range names its field', () => {
  const first = changedPasswordPolicy(DEFAULT_PASSWORD_POLICY, { MinimumPasswordLength: 32, HardExpiry: true });
  const second = changedPasswordPolicy(first, { MaxLoginAttemps: 5, PasswordNotContainUserName: true });
  assert.deepEqual(second, {
    ...DEFAULT_PASSWORD_POLICY,
    minimumLength: 32,
    hardExpiry: true,
    maxFailures: 5,
    mayContainUserName: false,
  });
  assert.equal(changedPasswordPolicy(second, { HardExpire: false }).hardExpiry, false);
  for (const sent of [
    { MinimumPasswordLength: 7 },
    { MinimumPasswordLength: 33 },
    { MinimumPasswordDifferentCharacter: 9 },
    { PasswordReusePrevention: 25 },
    { MaxPasswordAge: 1096 },
    { MaxLoginAttemps: 33 },
  ]) {
    const [name = '', value] = Object.entries(sent)[0] ?? [];
    const message = new RegExp(`"${name}".* ${value} is not from`);
    assert.throws(() => changedPasswordPolicy(first, sent), { code: 'InvalidParameter', status: 400, message });
  }
});
