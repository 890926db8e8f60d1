import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from './new-id.ts';

test("creates unique ids in the vendor's format", () => {
  const ids = Array.from({ length: 1000 }, () => newId('crr'));
  for (const id of ids) assert.match(id, /^crr-[a-z0-9]{16}$/);
  assert.equal(new Set(ids).size, ids.length);
});
