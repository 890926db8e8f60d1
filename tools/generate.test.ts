import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

test('the generated files are up to date with the spec and the table of errors', async () => {
  const generator = fileURLToPath(new URL('./generate.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [generator, '--check']);
  assert.equal(stdout, '');
});
