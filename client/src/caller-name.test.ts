import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callerName } from './caller-name.ts';

test('a caller is named as people name one another, and by the ARN if it is of another kind', () => {
  for (const [arn, name] of [
    ['acs:ram::1234:root', 'the account’s owner'],
    ['acs:ram::1234:user/ann', 'ann'],
    ['acs:ram::1234:assumed-role/deployer/ci', 'role deployer (session ci)'],
    ['acs:ram::1234:assumed-role/deployer', 'role deployer'],
    ['acs:ram::1234:group/x', 'acs:ram::1234:group/x'],
    ['', ''],
  ] as const)
    assert.equal(callerName(arn), name);
});
