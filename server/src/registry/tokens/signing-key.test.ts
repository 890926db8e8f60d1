import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { loadSigningKey } from './signing-key.ts';

test('the certificate of the token key is valid for any clock, however wrong', async (t) => {
  const folder = temporaryFolder(t);
  const key = await loadSigningKey(folder);
  const { validFrom, validTo } = new X509Certificate(readFileSync(key.certificateFile));
  assert.equal(Date.parse(validFrom), 0);
  assert.match(validTo, / 9999 GMT$/);
  assert.equal(statSync(join(folder, 'token-key.pem')).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(folder).sort(), ['token-certificate.pem', 'token-key.pem']);
});

test('replaces a certificate that is valid only from the day on which it was made, and keeps the key', async (t) => {
  const folder = temporaryFolder(t);
  const { privateKey } = await loadSigningKey(folder);
  const [key, certificate] = [join(folder, 'token-key.pem'), join(folder, 'token-certificate.pem')];
  execFileSync('openssl', ['req', '-x509', '-key', key, '-days', '9', '-subj', '/CN=old', '-out', certificate]);
  assert.ok(Date.parse(new X509Certificate(readFileSync(certificate)).validFrom) > 0, 'it begins today');
  const again = await loadSigningKey(folder);
  assert.ok(again.privateKey.equals(privateKey));
  assert.equal(Date.parse(new X509Certificate(Buffer.from(again.certificateDer, 'base64')).validFrom), 0);
  assert.equal((await loadSigningKey(folder)).certificateDer, again.certificateDer, 'it is made once');
});

function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-signing-key-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}
