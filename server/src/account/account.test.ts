import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rootKeys } from './account.ts';

const ROOT = { accountId: '1234567890123456', accessKeyId: 'id', accessKeySecret: 'secret' };

test('finds the root key pair by its exact id, with the owner as its principal', () => {
  const keys = rootKeys(ROOT);
  const owner = { kind: 'root', accountId: ROOT.accountId, accessKeyId: 'id', arn: 'acs:ram::1234567890123456:root' };
  assert.deepEqual(keys.findKey('id'), {
    accessKeyId: 'id',
    accessKeySecret: 'secret',
    status: 'Active',
    principal: owner,
  });
  for (const other of ['', 'ID', 'id ', '__proto__']) assert.equal(keys.findKey(other), undefined);
});

test('refuses a key pair with an empty part, which anyone could sign with', () => {
  assert.throws(() => rootKeys({ ...ROOT, accessKeyId: '' }), /AccessKeyId is empty/);
  assert.throws(() => rootKeys({ ...ROOT, accessKeySecret: '' }), /AccessKeySecret is empty/);
});
