import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { secretBox } from './secret-box.ts';

test('opens what it sealed, for the same record only, and never seals a text the same way twice', () => {
  const box = secretBox(randomBytes(32));
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (secret) => {
      const sealed = box.seal('key/1', secret);
      assert.notEqual(box.seal('key/1', secret), sealed);
      assert.equal(box.open('key/1', sealed), secret);
      assert.throws(() => box.open('key/2', sealed), /cannot be opened/);
    }),
  );
});

test('refuses a sealed text with any bit changed, a truncated one, and another key', () => {
  const box = secretBox(randomBytes(32));
  const sealed = box.seal('key/1', 'a secret');
  const bytes = Buffer.from(sealed.slice(3), 'base64url');
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const changed = Buffer.from(bytes);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    assert.throws(() => box.open('key/1', `v1.${changed.toString('base64url')}`), /cannot be opened/);
  }
  for (const broken of ['', 'v1.', 'v2.xx', sealed.slice(0, -4), bytes.toString('base64url')]) {
    assert.throws(() => box.open('key/1', broken), /damaged|cannot be opened/);
  }
  assert.throws(() => secretBox(randomBytes(32)).open('key/1', sealed), /cannot be opened/);
  assert.throws(() => secretBox(randomBytes(31)), /31 bytes/);
});

test('a MAC is valid only for its text, its purpose and its key', () => {
  const key = randomBytes(32);
  const box = secretBox(key);
  const mac = box.mac('page', 'a text');
  assert.match(mac, /^[0-9a-f]{64}$/);
  assert.ok(secretBox(key).isMac('page', 'a text', mac), 'on every server with this key');
  for (const [other, purpose, text, given] of [
    [box, 'password', 'a text', mac],
    [box, 'page', 'a tex', mac],
    [box, 'page', 'a text', mac.toUpperCase()],
    [box, 'page', 'a text', ''],
    [secretBox(randomBytes(32)), 'page', 'a text', mac],
  ] as const)
    assert.ok(!other.isMac(purpose, text, given));
});
