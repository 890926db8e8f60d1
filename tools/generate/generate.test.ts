import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

test('the generated files are up to date with the spec and the table of errors', async () => {
  const generator = fileURLToPath(new URL('./generate.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [generator, '--check']);
  assert.equal(stdout, '');
});

test('the page of an operation names its errors, and its lists by the number of an entry', () => {
  const page = (action: string) => readFileSync(new URL(`../../docs/api/${action}.md`, import.meta.url), 'utf8');
  for (const code of ['NoPrivilege', 'BUILD_RECORD_NOT_EXIST', 'BUILD_LOG_EXPIRED'])
    assert.match(page('ListRepoBuildRecordLog'), new RegExp(`^\\| \`${code}\` \\| 40\\d \\|`, 'm'));
  assert.match(page('AssumeRole'), /^\| `NoPermission` \| 403 \|/m);
  assert.match(page('CreateRepoBuildRule'), /^\| BuildArgs\.N \| list of string \|/m);
});
