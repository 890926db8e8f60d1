import assert from 'node:assert/strict';
import { test } from 'node:test';

import { registryErrorOf } from './registry-error.ts';

/** Output of skopeo 1.9.3, and what it means. */
const WORDS: [string, string][] = [
  ['reading manifest x in 127.0.0.1:5000/a/b: manifest unknown: manifest unknown', 'not-found'],
  ['name unknown: repository name not known to registry', 'not-found'],
  ['reading manifest v in h/a/b: unauthorized: authentication required', 'unauthorised'],
  ['unable to retrieve auth token: invalid username/password: unauthorized: x', 'unauthorised'],
  ['denied: requested access to the resource is denied', 'unauthorised'],
  ['pinging container registry 127.0.0.1:1: dial tcp 127.0.0.1:1: connect: connection refused', 'unreachable'],
  ['pinging container registry x.invalid: dial tcp: lookup x.invalid: no such host', 'unreachable'],
  ['http: server gave HTTP response to HTTPS client', 'unreachable'],
  ['x509: certificate signed by unknown authority', 'unreachable'],
  ['uploading manifest v to h/a/b: manifest invalid: manifest invalid', 'refused'],
  ['received unexpected HTTP status: 500 Internal Server Error', 'refused'],
  ['initiating layer upload: received unexpected HTTP status: 502 Bad Gateway', 'unreachable'],
  ['failed to read from destination repository a/b: 503 (Service Unavailable)', 'unreachable'],
  ['fetching blob: invalid status code from registry 503 (Service Unavailable)', 'unreachable'],
  ['toomanyrequests: You have reached your pull rate limit: 429 Too Many Requests', 'refused'],
  [
    'writing blob: uploading layer to http://127.0.0.1:1/v2/a/b/blobs/uploads/403-c?d=e: blob upload invalid',
    'unreachable',
  ],
  [
    'writing blob: Patch "http://127.0.0.1:1/v2/a/b/blobs/uploads/404-c": blob upload unknown to registry',
    'unreachable',
  ],
  ['something nobody has seen', 'failed'],
];

for (const [words, kind] of WORDS) {
  test(`reads "${words.slice(0, 60)}" as ${kind}`, () => {
    const line = `time="2026-01-01T00:00:00Z" level=fatal msg=${JSON.stringify(words)}\n`;
    assert.equal(registryErrorOf('h/a/b:v', 'fetch', line).kind, kind);
  });
}

test('reports what failed in one sentence, without the tool’s framing', () => {
  const words = 'time="x" level=warning msg="w"\ntime="x" level=fatal msg="a \\"quoted\\" reason"\n';
  assert.equal(registryErrorOf('h/a/b:v', 'push', words).message, 'push h/a/b:v: a "quoted" reason');
});

test('what a registry says cannot move a cursor, end a line or turn text around', () => {
  const words = `time="x" level=fatal msg=${JSON.stringify('no\n\u001b[31m\u009b2J\u202eyes')}\n`;
  const { message } = registryErrorOf('a/b:v', 'fetch', words);
  assert.equal(message, 'fetch a/b:v: no\\u000a\\u001b[31m\\u009b2J\\u202eyes');
});

test('distinguishes a registry’s own failure from its refusal, and says where to look', () => {
  const words = 'time="x" level=fatal msg="writing blob: received unexpected HTTP status: 500 Internal Server Error"\n';
  const of = (action: 'push' | 'fetch') => registryErrorOf('a/b:v', action, words).message;
  assert.match(
    of('push'),
    /^push a\/b:v: the registry failed \(HTTP 500\): its storage may be full, .* server’s log says why$/,
  );
  assert.equal(of('fetch'), 'fetch a/b:v: the registry failed (HTTP 500)');
});

test('says that an upload is lost, and not that the registry cannot be reached', () => {
  const words = 'time="x" level=fatal msg="writing blob: blob upload invalid"\n';
  const { message } = registryErrorOf('a/b:v', 'push', words);
  assert.equal(message, 'push a/b:v: the registry lost what it had of a layer: writing blob: blob upload invalid');
});
