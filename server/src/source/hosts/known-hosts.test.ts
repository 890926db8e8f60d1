import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type LoginFields, parseBaseUrl, parseLogin } from './code-host.ts';
import { formatKnownHosts, parseKnownHosts } from './known-hosts.ts';
import { parseSshKey } from './ssh-key.ts';
import { expandScpForm, formatSshUrl, parseSshUrl, type SshUrl } from './ssh-url.ts';

const KEY = 'AAAAC3NzaC1lZDI1NTE5AAAAIDdTu3vRAcnFKgRFIlaOyEVr6YhSC7XpHDHF1k3hQxYk';
const HOST = parseSshUrl('ssh://git@Git.example:2222/group') as SshUrl;

test('parses and formats ssh:// addresses, and refuses any that could act as an option or a separate argument', () => {
  assert.deepEqual(HOST, { user: 'git', host: 'git.example', port: 2222, path: '/group' });
  assert.equal(parseBaseUrl('ssh://Git.Example/'), 'ssh://git@git.example');
  assert.equal(parseBaseUrl('ssh://me@[::1]:22/a b'.replace(' ', '')), 'ssh://me@[::1]/ab');
  assert.equal(formatSshUrl(HOST), 'ssh://git@git.example:2222/group');
  assert.equal(expandScpForm('git@git.example:team/app.git'), 'ssh://git@git.example/team/app.git');
  assert.equal(expandScpForm('https://git.example/a'), 'https://git.example/a');
  const bad = [
    ...[
      'ssh://-oProxyCommand=x/a',
      'ssh://git@-x/a',
      'ssh://-l@h/a',
      'ssh://git:pw@h/a',
      'ssh://h:0/a',
      'ssh://h:70000/a',
    ],
    ...[
      "ssh://h/a'b",
      'ssh://h/a b',
      'ssh://h/a;b',
      'ssh://h/$(x)',
      'ssh://h/`x`',
      'ssh://h\n/a',
      'ssh://',
      'ssh://h?x',
      'ssh:h/a',
    ],
  ];
  for (const text of bad) {
    assert.equal(parseSshUrl(text), undefined, text);
    assert.throws(() => parseBaseUrl(text), { code: 'InvalidParameter', message: /ssh:\/\/git@HOST:PORT/ }, text);
  }
});

test('reads the host’s keys from a known hosts file, plain or hashed, and the refusal of a file without them names the host', (t) => {
  const file = join(folderOf(t), 'known_hosts');
  writeFileSync(file, `[git.example]:2222 ssh-ed25519 ${KEY}\ngit.example ssh-ed25519 ${KEY.replace('Dd', 'Ee')}\n`);
  const plain = readFileSync(file, 'utf8');
  execFileSync('ssh-keygen', ['-H', '-f', file], { stdio: 'pipe' });
  const hashed = readFileSync(file, 'utf8');
  assert.ok(!hashed.includes('git.example'));

  for (const text of [plain, hashed, `# a comment\r\n@revoked x y\n${plain}`]) {
    const keys = parseKnownHosts(text, HOST);
    assert.deepEqual(keys, [{ type: 'ssh-ed25519', key: KEY }]);
    assert.equal(formatKnownHosts(keys, HOST), `[git.example]:2222 ssh-ed25519 ${KEY}\n`);
  }
  for (const text of ['', 'nonsense', `* ssh-ed25519 ${KEY}`, `@cert-authority [git.example]:2222 ssh-ed25519 ${KEY}`])
    assert.throws(
      () => parseKnownHosts(text, HOST),
      { code: 'InvalidParameter', message: /\[git\.example\]:2222/ },
      text,
    );
});

test('identifies a private key by its fingerprint, and refuses one with a passphrase, another format or damage without showing it', (t) => {
  const folder = folderOf(t);
  const make = (name: string, ...flags: string[]) => {
    execFileSync('ssh-keygen', ['-q', '-f', join(folder, name), ...flags], { stdio: 'pipe' });
    return readFileSync(join(folder, name), 'utf8');
  };
  const shown = (name: string) =>
    execFileSync('ssh-keygen', ['-lf', join(folder, name)], { encoding: 'utf8' }).split(' ')[1];
  const good = make('ed25519', '-t', 'ed25519', '-N', '');
  for (const text of [good, good.replaceAll('\n', '\r\n'), `\n${good.trim()}`])
    assert.deepEqual(parseSshKey(text), { privateKey: good, fingerprint: shown('ed25519') });
  assert.equal(parseSshKey(make('ecdsa', '-t', 'ecdsa', '-N', '')).fingerprint, shown('ecdsa'));

  const cases: [text: string, says: RegExp][] = [
    [make('locked', '-t', 'ed25519', '-N', 'secret'), /passphrase/],
    [make('old', '-t', 'ecdsa', '-N', '', '-m', 'PEM'), /ssh-keygen -p -N ""/],
    [readFileSync(join(folder, 'ed25519.pub'), 'utf8'), /format of OpenSSH/],
    [good.replace(/\n[^-]+\n/, '\nAAAA\n'), /damaged/],
    ['', /format of OpenSSH/],
  ];
  for (const [text, says] of cases)
    assert.throws(
      () => parseSshKey(text),
      (error: Error) => says.test(error.message) && (text === '' || !error.message.includes(text.slice(40, 60))),
    );
});

test('an ssh:// address needs a key and host keys, http takes a token, and neither accepts the other’s login', () => {
  const none: LoginFields = { User: undefined, Token: undefined, SshKey: undefined, KnownHosts: undefined };
  const cases: [baseUrl: string, fields: Partial<LoginFields>, says: RegExp][] = [
    ['ssh://git@h', {}, /SshKey/],
    ['ssh://git@h', { SshKey: 'x' }, /KnownHosts/],
    ['ssh://git@h', { Token: 'abcdef' }, /Token/],
    ['ssh://git@h', { User: 'me' }, /User/],
    ['https://h', { SshKey: 'x' }, /SshKey/],
    ['https://h', { KnownHosts: 'x' }, /KnownHosts/],
    ['https://h', { User: 'me' }, /Token/],
  ];
  for (const [baseUrl, fields, says] of cases)
    assert.throws(() => parseLogin('GITLAB', baseUrl, { ...none, ...fields }), { message: says });
  assert.equal(parseLogin('GITLAB', 'https://h', none), undefined);
});

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
