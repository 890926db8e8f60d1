import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PendingBytes } from './pending-bytes.ts';

test('a line in tiny pieces takes at most twice its length of memory, and a line that is too long takes none', () => {
  const pending = new PendingBytes(200_000);
  for (let i = 0; i < 100_000; i++) {
    pending.keep(Buffer.of(i % 256));
    assert.ok(pending.heldBytes <= Math.max(64 * 1024, 2 * (i + 1)));
  }
  const line = pending.takeWith(Buffer.from('end'));
  assert.deepEqual([line?.length, line?.[255], line?.subarray(-3).toString()], [100_003, 255, 'end']);
  pending.keep(Buffer.alloc(200_000));
  pending.keep(Buffer.alloc(1));
  assert.equal(pending.heldBytes, 0);
  assert.equal(pending.takeWith(Buffer.from('x')), undefined);
  pending.keep(Buffer.from('a'));
  assert.equal(pending.takeWith(Buffer.from('b'))?.toString(), 'ab');
  assert.equal(pending.takeWith(Buffer.from('c'))?.toString(), 'c');
  assert.equal(pending.takeWith(Buffer.alloc(200_001)), undefined);
});
