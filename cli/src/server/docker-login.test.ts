import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { storeDockerLogin, useOwnHelper } from './docker-login.ts';

const LOGIN = { host: 'build.example', user: 'cr_temp_user', password: 'a:b' };
const AUTH = Buffer.from('cr_temp_user:a:b').toString('base64');

/** A folder for docker's settings that is removed after the test. */
function start() {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-docker-'));
  const file = join(folder, 'docker', 'config.json');
  const read = () => JSON.parse(readFileSync(file, 'utf8'));
  return { folder, file, read, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
}

test('writes a login into settings of its own that only its user can read', () => {
  using it = start();
  assert.equal(storeDockerLogin(it.file, LOGIN), it.file);
  assert.deepEqual(it.read(), { auths: { 'build.example': { auth: AUTH } } });
  assert.equal(statSync(it.file).mode & 0o777, 0o600);
});

test('keeps docker’s other settings unchanged, and a link to them a link', () => {
  using it = start();
  const real = join(it.folder, 'real.json');
  const link = join(it.folder, 'config.json');
  writeFileSync(real, JSON.stringify({ psFormat: 'x', auths: { other: { auth: 'eA==' } } }), { mode: 0o644 });
  symlinkSync(real, link);
  storeDockerLogin(link, LOGIN);
  const auths = { other: { auth: 'eA==' }, 'build.example': { auth: AUTH } };
  assert.deepEqual(JSON.parse(readFileSync(real, 'utf8')), { psFormat: 'x', auths });
  assert.equal(statSync(real).mode & 0o777, 0o600);
});

test('writes a login into the credential store that docker’s settings name, and not into a file', (t) => {
  using it = start();
  const path = process.env.PATH ?? '';
  t.after(() => {
    process.env.PATH = path;
  });
  process.env.PATH = `${it.folder}:${path}`;
  const program = join(it.folder, 'docker-credential-vault');
  writeFileSync(program, `#!/bin/sh\n[ "$1" = store ] && cat >'${it.folder}/stored'\n`);
  chmodSync(program, 0o755);
  const settings = join(it.folder, 'config.json');
  writeFileSync(settings, '{"credsStore":"missing","credHelpers":{"build.example":"vault"}}');
  assert.equal(storeDockerLogin(settings, LOGIN), 'docker-credential-vault');
  const stored = { ServerURL: 'build.example', Username: 'cr_temp_user', Secret: 'a:b' };
  assert.deepEqual(JSON.parse(readFileSync(join(it.folder, 'stored'), 'utf8')), stored);
  assert.throws(
    () => storeDockerLogin(settings, { ...LOGIN, host: 'x' }),
    /docker-credential-missing.*cannot be started/,
  );
  writeFileSync(program, '#!/bin/sh\necho the vault is closed\nexit 1\n');
  assert.throws(() => storeDockerLogin(settings, LOGIN), /ended with 1: the vault is closed/);
});

test('makes docker ask our helper, removes the stored login, and stores no more logins', () => {
  using it = start();
  storeDockerLogin(it.file, LOGIN);
  useOwnHelper(it.file, 'build.example');
  assert.deepEqual(it.read(), { auths: {}, credHelpers: { 'build.example': 'slipway' } });
  assert.throws(() => storeDockerLogin(it.file, LOGIN), /no login is needed/);
});

test('leaves settings that are not a JSON object unchanged, and names them', () => {
  using it = start();
  const settings = join(it.folder, 'config.json');
  for (const text of ['{bad', '[]', '"x"', 'null']) {
    writeFileSync(settings, text);
    assert.throws(() => storeDockerLogin(settings, LOGIN), { message: new RegExp(`${settings} are no`) });
    assert.equal(readFileSync(settings, 'utf8'), text);
  }
});
