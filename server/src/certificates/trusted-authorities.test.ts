import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ConfigError } from '#settings/config.ts';
import { makeAuthority } from '../../../test/support/peers/certificates.ts';
import { temporaryFolder } from '../../../test/support/slipway.ts';
import { readAuthorities } from './trusted-authorities.ts';

test('the certificates of the file come behind those of the machine, and a file without any is refused by its name', (t) => {
  const folder = temporaryFolder(t);
  const { certificate } = makeAuthority(folder);
  const pem = readFileSync(certificate, 'utf8').trim();
  const all = readAuthorities(certificate) ?? '';
  assert.ok(all.endsWith(`${pem}\n`) && all.split('BEGIN CERTIFICATE').length > 10);
  assert.equal(readAuthorities(undefined), undefined);

  const [empty, damaged] = [join(folder, 'empty.pem'), join(folder, 'damaged.pem')];
  writeFileSync(empty, 'nothing\n');
  writeFileSync(damaged, pem.replace(/\n[^\n]+\n/, '\nAAAA\n'));
  for (const file of [empty, damaged, join(folder, 'missing.pem')])
    assert.throws(
      () => readAuthorities(file),
      (error) => error instanceof ConfigError && error.message.startsWith(`trusted-ca-file ${file}: `),
    );
});
