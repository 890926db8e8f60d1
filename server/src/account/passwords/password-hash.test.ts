import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashPassword, verifyPassword } from './password-hash.ts';

test('a hash matches its password and no other', async () => {
  const stored = await hashPassword('correct horse');
  assert.ok(!stored.includes('correct'));
  assert.notEqual(await hashPassword('correct horse'), stored);
  assert.equal(await verifyPassword('correct horse', stored), true);
  for (const wrong of ['', 'correct horsf', 'Correct horse', stored]) {
    assert.equal(await verifyPassword(wrong, stored), false);
  }
  assert.equal(await verifyPassword('correct horse', 'nothing of ours'), false);
});

test('refuses a password that is too short or too long', async () => {
  await assert.rejects(hashPassword('1234567'), /7 characters/);
  await assert.rejects(hashPassword('x'.repeat(129)), /129 characters/);
});
