import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { operationSpecs } from '../spec.gen.ts';
import type { ErrorCode } from './error-code.ts';
import { ERROR_CODES } from './error-codes.ts';

const sources = join(import.meta.dirname, '..', '..');
const codes = Object.keys(ERROR_CODES);

test('every code that the server throws is in the table, with its status', () => {
  const table: Record<string, ErrorCode> = ERROR_CODES;
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

test('every refusal of an operation is in the table too', () => {
  const table: Record<string, ErrorCode> = ERROR_CODES;
  for (const [action, { refusal }] of Object.entries(operationSpecs))
    if (refusal) assert.equal(table[refusal.code]?.status, refusal.status, action);
});

// Terraform knows an error by its code, by a beginning of it, or by any part of the body.
test('no code is empty or the beginning of another kind of code', () => {
  for (const code of codes) {
    assert.match(code, /^[A-Za-z][\w.]*\w$/);
    // The part after a point says which one of a kind.
    const kindOf = (one: string) => one.split('.')[0];
    const longer = codes.filter((other) => other.startsWith(code) && kindOf(other) !== kindOf(code));
    assert.deepEqual(longer, [], `${code} begins another one`);
  }
});

test('no message holds the name of a code, nor what clients read as "it is gone"', () => {
  const texts: [string, string][] = Object.entries<ErrorCode>(ERROR_CODES).flatMap(([code, { message, fix }]) => [
    [code, message],
    [code, fix],
  ]);
  for (const [action, { refusal }] of Object.entries(operationSpecs))
    if (refusal) texts.push([action, refusal.message]);
  for (const file of globSync('**/*.ts', { cwd: sources })) {
    if (file.endsWith('.test.ts')) continue;
    const text = readFileSync(join(sources, file), 'utf8');
    for (const [, message = ''] of text.matchAll(/new ApiError\(\s*[^,]+,\s*\d{3},\s*('[^'\n]*'|`[^`\n]*`)/g))
      texts.push([file, message]);
    for (const [, reason = ''] of text.matchAll(/invalidParameter\([^,\n]+,\s*('[^'\n]*'|`[^`\n]*`)/g))
      texts.push([file, reason]);
  }
  assert.ok(texts.length > 200, `${texts.length} texts were found`);
  for (const [where, text] of texts) {
    const named = codes.filter((code) => new RegExp(`\\b${code.replaceAll('.', '\\.')}\\b`).test(text));
    assert.deepEqual(named, [], `${where}: ${text}`);
    assert.doesNotMatch(text, /NotFound|NOT_EXIST/, where);
  }
});
