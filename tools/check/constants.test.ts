import assert from 'node:assert/strict';
import { test } from 'node:test';
import { misnamedConstants } from './constants.ts';

test('a fixed value has a name in UPPER_CASE, and a function, what is filled and what is changed do not', () => {
  const text = `
    export const limitBytes = 16 * 1024;
    const form = /^a+$/;
    const words = new Set(['a', 'b']);
    const table = { a: [limitBytes], ...words } as const;
    const LIMIT = 1;
    const twice = [LIMIT, \`\${LIMIT} of them\`];
    const READ = (name: string) => name;
    const known = new Map<string, number>();
    const counts = { calls: 0 };
    const made = make();
    export function count() {
      counts.calls++;
      const inside = 5;
      return READ(made, known, inside);
    }`;
  const found = misnamedConstants('a.ts', text).map(({ name, line }) => `${line} ${name}`);
  assert.deepEqual(found, ['2 limitBytes', '3 form', '4 words', '5 table', '7 twice', '8 READ']);
});
