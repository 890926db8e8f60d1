import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actionOf, type KeyPress, LOG_KEYS } from './log-keys.ts';
import type { LogScroll } from './scroll/use-log-scroll.ts';
import type { LogActions } from './use-log-actions.ts';

const ELSEWHERE: KeyPress = {
  key: '',
  isRepeated: false,
  hasModifier: false,
  isTyping: false,
  inLog: false,
  onButton: false,
};
const SCROLL = { moveBy: () => undefined, toStart: () => undefined, toEnd: () => undefined } as unknown as LogScroll;

function does(press: Partial<KeyPress>): boolean {
  return actionOf({ ...ELSEWHERE, ...press }, false, SCROLL, {} as LogActions) !== undefined;
}

test('every key of the list works wherever the focus is, but never while typing or with a modifier', () => {
  for (const key of LOG_KEYS.flatMap(([keys]) => keys)) {
    assert.ok(does({ key }), key);
    assert.ok(!does({ key, isTyping: true }), key);
    assert.ok(!does({ key, hasModifier: true }), key);
  }
});

test('keys that scroll a page, and Space on a button, keep what they do outside of the log', () => {
  for (const key of ['ArrowDown', 'PageUp', 'Home', 'End', ' ']) {
    assert.ok(!does({ key }), key);
    assert.ok(does({ key, inLog: true }), key);
  }
  assert.ok(!does({ key: ' ', inLog: true, onButton: true }));
  assert.ok(!does({ key: 'Enter', inLog: true }));
});

test('a key that is held down switches nothing on and off again', () => {
  let wraps = 0;
  const actions = { toggleWrap: () => (wraps += 1) } as unknown as LogActions;
  for (const isRepeated of [false, true, true])
    actionOf({ ...ELSEWHERE, key: 'w', isRepeated }, false, SCROLL, actions)?.();
  assert.equal(wraps, 1);
});
