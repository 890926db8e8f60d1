import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ONLY_IN_FOLDER } from '../test/support/only-in-folder.ts';

const ROOT = join(import.meta.dirname, '..');

test('each row of what only a server with its own data folder passes names a test that exists', () => {
  const lost = ONLY_IN_FOLDER.filter(({ file, test: name }) => {
    if (!existsSync(join(ROOT, file))) return true;
    const text = readFileSync(join(ROOT, file), 'utf8');
    return name !== undefined && !["'", '`', '"'].some((quote) => text.includes(`test(${quote}${name}${quote}`));
  });
  assert.deepEqual(lost, []);
});
