import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openSigningKey } from './signing-key.ts';

test('the key is made once, its certificate is valid for any clock, however wrong, and only the certificate is in the folder', async (t) => {
  const folder = temporaryFolder(t);
  let kept = '';
  const key = await openSigningKey(folder, async (make) => {
    kept = await make();
    return kept;
  });
  const { validFrom, validTo } = new X509Certificate(readFileSync(key.certificateFile));
  assert.equal(Date.parse(validFrom), 0);
  assert.match(validTo, / 9999 GMT$/);
  assert.deepEqual(readdirSync(folder), ['token-certificate.pem']);
  rmSync(key.certificateFile);
  const again = await openSigningKey(folder, async () => kept);
  assert.ok(again.privateKey.equals(key.privateKey));
  assert.equal(again.certificateDer, key.certificateDer);
  assert.equal(new X509Certificate(readFileSync(again.certificateFile)).raw.toString('base64'), key.certificateDer);
});

test('takes over the key that an earlier version left in the folder, with its certificate if that is valid for any clock', async (t) => {
  const folder = temporaryFolder(t);
  const [keyFile, certificateFile] = [join(folder, 'token-key.pem'), join(folder, 'token-certificate.pem')];
  const made = await openSigningKey(folder, (make) => make());
  const pem = made.privateKey.export({ type: 'pkcs8', format: 'pem' });
  writeFileSync(keyFile, pem, { mode: 0o600 });
  const open = () => openSigningKey(folder, (make) => make());
  assert.equal((await open()).certificateDer, made.certificateDer);

  execFileSync('openssl', ['req', '-x509', '-key', keyFile, '-days', '9', '-subj', '/CN=x', '-out', certificateFile]);
  assert.ok(Date.parse(new X509Certificate(readFileSync(certificateFile)).validFrom) > 0, 'it begins today');
  const taken = await open();
  assert.ok(taken.privateKey.equals(createPrivateKey(pem)));
  assert.equal(Date.parse(new X509Certificate(Buffer.from(taken.certificateDer, 'base64')).validFrom), 0);

  chmodSync(keyFile, 0o644);
  assert.ok(!(await open()).privateKey.equals(made.privateKey), 'others may have read it');
});

function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-signing-key-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}
