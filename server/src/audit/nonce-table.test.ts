import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { NonceTable, tableKey } from './nonce-table.ts';

test('the table contains the same nonces as a Map, as it grows and forgets', () => {
  const key = fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }));
  const act = fc.record({
    key,
    slot: fc.nat({ max: 9 }),
    forget: fc.integer({ min: 0, max: 80 }),
  });
  fc.assert(
    fc.property(fc.array(act, { minLength: 1, maxLength: 3000, size: 'max' }), (acts) => {
      const table = new NonceTable();
      const expected = new Map<number, number>();
      for (const { key, slot, forget } of acts) {
        if (forget < 9) {
          table.forgetBefore(forget);
          for (const [known, its] of expected) if (its < forget) expected.delete(known);
        }
        assert.equal(table.has(key), expected.has(key));
        if (!expected.has(key)) table.add(key, slot);
        if (!expected.has(key)) expected.set(key, slot);
        assert.equal(table.size, expected.size);
      }
      for (const known of expected.keys()) assert.ok(table.has(known));
    }),
    { numRuns: 30 },
  );
});

test('different hashes become different numbers, and none becomes 0', () => {
  const hashes = Array.from({ length: 20_000 }, (_, at) => hash('sha256', `${at}`, 'base64url').slice(0, 22));
  assert.equal(new Set(hashes.map(tableKey)).size, hashes.length);
  assert.equal(tableKey('A'.repeat(22)), 1);
  assert.ok(tableKey('_'.repeat(22)) <= Number.MAX_SAFE_INTEGER);
});
