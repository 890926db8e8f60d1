import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keptOnceSet, sentValue } from './sent-value.ts';

test('a field that was emptied is sent empty, and one that never had a value is left out', () => {
  assert.equal(sentValue({ kind: 'text', value: 'old' }, ' ', true), '');
  assert.deepEqual(sentValue({ kind: 'lines', value: 'a\nb' }, '', true), []);
  assert.equal(sentValue({ kind: 'text' }, '', true), undefined);
  assert.equal(sentValue({ kind: 'lines' }, '', true), undefined);
  assert.equal(sentValue({ kind: 'text', value: 'old' }, '', false), undefined);
  assert.deepEqual(sentValue({ kind: 'lines' }, 'a\n b ', true), ['a', 'b']);
});

test('a field that the API cannot empty says so once it has a value', () => {
  const field = { name: 'Detail', label: 'Description', kind: 'text', hint: 'Some words.' } as const;
  assert.deepEqual(keptOnceSet({ ...field, value: '' }), { ...field, value: '' });
  const kept = keptOnceSet({ ...field, value: 'old' });
  assert.deepEqual([kept.required, kept.hint], [true, 'It can be changed, but not emptied. Some words.']);
});
