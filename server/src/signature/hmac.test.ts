import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { hmac } from './hmac.ts';

/** Texts of a length between two limits, with characters of one to four bytes. */
const text = (maxLength: number) => fc.string({ unit: fc.constantFrom('a', '&', '\0', 'é', '€', '🙂'), maxLength });

test('is the HMAC that OpenSSL computes, for keys and texts of every length', () => {
  const long = fc.integer({ min: 8_000, max: 9_000 }).map((length) => '€'.repeat(length));
  fc.assert(
    fc.property(
      fc.constantFrom('sha1' as const, 'sha256' as const),
      fc.constantFrom('base64' as const, 'hex' as const),
      text(80),
      fc.oneof(text(600), long),
      (algorithm, encoding, secret, message) => {
        const expected = createHmac(algorithm, secret).update(message).digest(encoding);
        assert.equal(hmac(algorithm, secret, message, encoding), expected);
      },
    ),
    { numRuns: 500 },
  );
  for (let length = 0; length < 200; length += 1) {
    const key = 'k'.repeat(length);
    assert.equal(hmac('sha1', key, 'text', 'hex'), createHmac('sha1', key).update('text').digest('hex'), `${length}`);
  }
});

// RFC 2202, test case 2, and RFC 4231, test case 2.
test('has the values of the RFCs', () => {
  const [key, message] = ['Jefe', 'what do ya want for nothing?'];
  assert.equal(hmac('sha1', key, message, 'hex'), 'effcdf6ae5eb2fa2d27416d5f184df9c259a7c79');
  const sha256 = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843';
  assert.equal(hmac('sha256', key, message, 'hex'), sha256);
});
