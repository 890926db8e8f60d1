import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ConfigError } from './config.ts';
import { readPassword } from './password-file.ts';

test('a password file that is missing or empty is refused with the name of the setting', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-password-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'password');
  const refused = (reason: RegExp) =>
    assert.throws(
      () => readPassword('smtp-password-file', file),
      (error) => error instanceof ConfigError && reason.test(error.mistakes.join()),
    );
  refused(/^smtp-password-file .*password: ENOENT/);
  writeFileSync(file, '\n');
  refused(/^smtp-password-file .*password is empty; write the password into it$/);
  writeFileSync(file, ' s3cret word\n');
  assert.equal(readPassword('smtp-password-file', file), 's3cret word');
  assert.equal(readPassword('smtp-password-file', undefined), undefined);
});
