import assert from 'node:assert/strict';
import { test } from 'node:test';
import { opensPalette } from './palette-key.ts';

test('the palette takes one key of each system, and none that browsers or text fields use', () => {
  const none = { key: 'k', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
  assert.equal(opensPalette({ ...none, ctrlKey: true }, false), true);
  assert.equal(opensPalette({ ...none, metaKey: true }, true), true);
  assert.equal(opensPalette({ ...none, ctrlKey: true }, true), false);
  assert.equal(opensPalette({ ...none, key: 'K', ctrlKey: true, shiftKey: true }, false), false);
  assert.equal(opensPalette({ ...none, ctrlKey: true, altKey: true }, false), false);
  assert.equal(opensPalette(none, false), false);
});
