import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callerName, callerPath } from './caller-name.ts';

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

test('the path of a caller has no account', () => {
  for (const [arn, path] of [
    ['acs:ram::1234:root', 'root'],
    ['acs:ram::1234:assumed-role/deployer/ci', 'assumed-role/deployer/ci'],
    ['someone', 'someone'],
  ] as const)
    assert.equal(callerPath(arn), path);
});
