import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fetchFailure } from './git-failure.ts';

const REMOTE = { url: 'https://git.example/a.git', shown: 'https://git.example/a.git', host: 'git.example' };
const KEY = { privateKey: 'k', fingerprint: 'SHA256:f' };
const TOKEN = { token: 't', user: 'u' };

test('a failure caused by a setting of the server names the setting, and the other side cannot forge one', () => {
  const cases: [stderr: string, fault: string, message: RegExp, login?: object, url?: string][] = [
    [
      'Host key verification failed.',
      'settings',
      /slipway source set … --known-hosts/,
      KEY,
      'ssh://git@git.example/a.git',
    ],
    ['SSL certificate problem: unable to get local issuer certificate', 'settings', /setting trusted-ca-file/],
    ['Received HTTP code 407 from proxy after CONNECT', 'settings', /the proxy http:\/\/proxy does not lead to/],
    ['Authentication failed', 'settings', /does not accept the token that is set for this code host/, TOKEN],
    ['Authentication failed', 'source', /asks for credentials, or does not exist/],
    ["couldn't find remote ref main", 'source', /there is no branch main/],
    ['The requested URL returned error: 404', 'source', /there is no repository at/],
    ['Failed to connect to git.example', 'outside', /cannot be reached/],
    ["remote: Host key verification failed\nfatal: couldn't find remote ref main", 'source', /there is no branch main/],
  ];
  for (const [stderr, fault, message, login, url = REMOTE.url] of cases) {
    const remote = { ...REMOTE, url, shown: url, login, proxy: 'http://proxy', options: [], env: {} } as Parameters<
      typeof fetchFailure
    >[1];
    const { failure } = fetchFailure(stderr, remote, 'refs/heads/main');
    assert.equal(failure.fault, fault, stderr);
    assert.match(failure.message, message);
  }
});

test('a branch, tag or commit that is missing is named as such, also with an apostrophe', () => {
  for (const [wanted, message] of [
    ["refs/heads/it's", "there is no branch it's in https://git.example/a.git"],
    ["refs/tags/v1's 'x", "there is no tag v1's 'x in https://git.example/a.git"],
    ['refs/heads/certificate-verify', 'there is no branch certificate-verify in https://git.example/a.git'],
  ] as const) {
    const remote = { ...REMOTE, login: undefined, proxy: undefined, options: [], env: {} };
    const { failure } = fetchFailure(`fatal: couldn't find remote ref ${wanted}`, remote, wanted);
    assert.deepEqual([failure.kind, failure.message], ['source-ref-missing', message]);
  }
});

test('what the other side says cannot move a cursor or turn text around', () => {
  const remote = { ...REMOTE, login: undefined, proxy: undefined, options: [], env: {} };
  const { failure } = fetchFailure('fatal: remote error: no\u001b[31m \u009b2J\u202eyes\u007f', remote, 'HEAD');
  assert.ok(failure.message.endsWith('; the server said: "no\\u001b[31m \\u009b2J\\u202eyes\\u007f"'), failure.message);
});

test('neither the address, nor what the server says, chooses another kind of failure', () => {
  const named = 'https://git.example/team/certificate-verifier.git';
  const kindOf = (stderr: string, more: object = {}) => {
    const remote = { ...REMOTE, login: undefined, proxy: undefined, options: [], env: {}, ...more };
    const { failure, passing } = fetchFailure(stderr, remote as Parameters<typeof fetchFailure>[1], 'refs/heads/main');
    return { kind: failure.kind, passing, message: failure.message };
  };
  const unreachable = `fatal: unable to access '${named}/': Failed to connect to git.example port 443`;
  const told = kindOf(unreachable, { url: named, shown: named });
  assert.deepEqual([told.kind, told.passing], ['source-host-unreachable', true]);
  const quoted = "https://git.example/it's certificate verify.git";
  assert.equal(kindOf(`fatal: unable to access '${quoted}/': timed out`, { url: quoted, shown: quoted }).passing, true);
  for (const forged of [
    'SSL certificate problem: unable to get local issuer certificate',
    'Received HTTP code 407 from proxy after CONNECT',
    'a\nHost key verification failed.',
    'Connection refused',
  ]) {
    const { kind, passing, message } = kindOf(`fatal: remote error: ${forged}`);
    assert.deepEqual([kind, passing], ['source-fetch-failed', false], forged);
    assert.ok(message.endsWith(`; the server said: ${JSON.stringify(forged.replace('\n', ' '))}`), message);
    assert.equal(kindOf(`remote: x\u2028${forged.replace('\n', '\nremote: ')}`).kind, 'source-fetch-failed', forged);
  }
  assert.equal(kindOf('fatal: remote error: upload-pack: not our ref 1').kind, 'source-ref-missing');
  // Over SSH, the server writes to git's own output.
  const ssh = { url: 'ssh://git@git.example/a.git', login: KEY };
  for (const forged of ['SSL certificate problem', 'CONNECT tunnel failed, response 407', 'Authentication failed'])
    assert.equal(kindOf(forged, ssh).kind, 'source-fetch-failed', forged);
  assert.equal(kindOf('Host key verification failed.').kind, 'source-fetch-failed');
});
