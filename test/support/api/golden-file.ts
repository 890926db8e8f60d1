import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';

/** Compares with a file in `test/golden/`, byte for byte; with `UPDATE_GOLDEN=1` writes the file instead. */
export function assertGolden(name: string, actual: string): void {
  const file = new URL(`../../golden/${name}`, import.meta.url);
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, actual);
  assert.equal(actual, readFileSync(file, 'utf8'), `differs from test/golden/${name}; UPDATE_GOLDEN=1 rewrites it`);
}
