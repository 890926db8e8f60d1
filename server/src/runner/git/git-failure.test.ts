import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fetchFailure } from './git-failure.ts';

const REMOTE = { url: 'https://git.example/a.git', shown: 'https://git.example/a.git', host: 'git.example' };
const TOKEN = { token: 't', user: 'u' };

test('a failure caused by a setting of the server names the setting, and the other side cannot forge one', () => {
  const cases: [stderr: string, fault: string, message: RegExp, login?: object][] = [
    ['Host key verification failed.', 'settings', /slipway source set … --known-hosts/],
    ['SSL certificate problem: unable to get local issuer certificate', 'settings', /setting trusted-ca-file/],
    ['Received HTTP code 407 from proxy after CONNECT', 'settings', /the proxy http:\/\/proxy does not lead to/],
    ['Authentication failed', 'settings', /does not accept the token that is set for this code host/, TOKEN],
    ['Authentication failed', 'source', /asks for credentials, or does not exist/],
    ["couldn't find remote ref main", 'source', /there is no branch main/],
    ['The requested URL returned error: 404', 'source', /there is no repository at/],
    ['Failed to connect to git.example', 'outside', /cannot be reached/],
    ["remote: Host key verification failed\nfatal: couldn't find remote ref main", 'source', /there is no branch main/],
  ];
  for (const [stderr, fault, message, login] of cases) {
    const remote = { ...REMOTE, login, proxy: 'http://proxy', options: [], env: {} } as Parameters<
      typeof fetchFailure
    >[1];
    const { failure } = fetchFailure(stderr, remote, 'refs/heads/main');
    assert.equal(failure.fault, fault, stderr);
    assert.match(failure.message, message);
  }
});
