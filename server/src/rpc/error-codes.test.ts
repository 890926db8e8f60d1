import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type ErrorCode, errorCodes } from './error-codes.ts';

const sources = join(import.meta.dirname, '..');

test('every code that the server throws stands in the table, with its status', () => {
  const table: Record<string, ErrorCode> = errorCodes;
  let thrown = 0;
  for (const file of globSync('**/*.ts', { cwd: sources })) {
    if (file.endsWith('.test.ts')) continue;
    const text = readFileSync(join(sources, file), 'utf8');
    for (const [, code = '', status] of text.matchAll(/new ApiError\(\s*'([^']+)',\s*(\d{3})/g)) {
      assert.equal(table[code]?.status, Number(status), `${code} in ${file}`);
      thrown++;
    }
  }
  assert.ok(thrown > 20, `${thrown} throws were found`);
});
