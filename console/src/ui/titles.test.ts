import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Titles } from './titles.ts';

test('the title is that of the innermost page, and comes back when a page within it is left', () => {
  let shown = '';
  const titles = new Titles('Product', (title) => {
    shown = title;
  });
  const [outer, inner] = [Symbol('outer'), Symbol('inner')];
  titles.set(outer, 'Access');
  titles.set(inner, 'ann');
  titles.set(outer, 'Access of all');
  assert.equal(shown, 'ann');
  titles.remove(inner);
  assert.equal(shown, 'Access of all');
  titles.remove(outer);
  assert.equal(shown, 'Product');
});
