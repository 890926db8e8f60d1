import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalQuery, encodeRfc3986 } from './rfc3986.ts';
import { parseUrlEncoded } from './url-encoded.ts';

test('decodes the RFC 3986 encoding of any text', () => {
  const text = fc.string({ unit: 'binary' }).filter((value) => value.isWellFormed());
  const pairs = fc.array(
    fc.tuple(
      text.filter((name) => name !== ''),
      text,
    ),
    { maxLength: 20 },
  );
  fc.assert(
    fc.property(pairs, (list) => {
      const wire = list.map(([name, value]) => `${encodeRfc3986(name)}=${encodeRfc3986(value)}`).join('&');
      assert.deepEqual(parseUrlEncoded(wire), list);
      assert.match(canonicalQuery(list), /^[\w.~%=&-]*$/);
    }),
  );
});

test('decodes each byte the same way, plain or percent-encoded in either case, or refuses it', () => {
  for (let byte = 0; byte < 256; byte++) {
    const hex = byte.toString(16).padStart(2, '0');
    if (byte >= 128) {
      assert.throws(() => parseUrlEncoded(`a=%${hex}`), /"a"/, hex);
      assert.throws(() => parseUrlEncoded(`a=${String.fromCharCode(byte)}`), /"a"/, hex);
      continue;
    }
    const expected = [['a', String.fromCharCode(byte)]];
    assert.deepEqual(parseUrlEncoded(`a=%${hex}`), expected);
    assert.deepEqual(parseUrlEncoded(`a=%${hex.toUpperCase()}`), expected);
  }
  assert.deepEqual(parseUrlEncoded('a=b+c'), [['a', 'b c']]);
  assert.deepEqual(parseUrlEncoded('a=b=c&&d'), [
    ['a', 'b=c'],
    ['d', ''],
  ]);
});

test('refuses broken percent-encoding, broken UTF-8 and empty names, naming the parameter', () => {
  for (const value of ['%', '%z', '%zz', '%4', '%c3', '%c0%80', '%ed%a0%80', '%f5%80%80%80', 'é%A9', '%u0041']) {
    assert.throws(() => parseUrlEncoded(`Offset=${value}`), { code: 'InvalidParameter', message: /"Offset"/ }, value);
  }
  assert.throws(() => parseUrlEncoded('a=1&=2'), { code: 'InvalidParameter', message: /"number 2"/ });
  assert.throws(() => parseUrlEncoded('a=1&%zz=2'), { code: 'InvalidParameter', message: /"number 2"/ });
});

test('refuses more than a thousand parameters', () => {
  const list = (count: number) => Array.from({ length: count }, (_, i) => `p${i}=1`).join('&');
  assert.equal(parseUrlEncoded(list(1000)).length, 1000);
  assert.throws(() => parseUrlEncoded(list(1001)), { code: 'InvalidParameter' });
});
