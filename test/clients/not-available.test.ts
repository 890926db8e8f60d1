import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isNotAvailable } from './not-available.ts';

test('a client is skipped if its registry does not answer or does not have it, and never if its build fails', () => {
  for (const said of [
    'go: oras.land/oras@v1.3.6: module lookup disabled by GOPROXY=off',
    'go: a@v1: reading https://proxy.example/a/@v/v1.info: 502 Bad Gateway',
    'go: a@v1: reading https://proxy.example/a/@v/v1.info: 504 Gateway Timeout',
    'ERROR: HTTP error 503 while getting https://index.example/a.whl',
    'ERROR: No matching distribution found for a==1',
    '[ERROR] Could not transfer artifact a:b:jar:1 from/to central: Connect timed out',
  ])
    assert.ok(isNotAvailable({ said }), said);
  assert.ok(isNotAvailable({ said: '', killed: true }));
  for (const said of ['./main.go:502:7: undefined: registry', 'Driver.java:503: error: cannot find symbol'])
    assert.ok(!isNotAvailable({ said, killed: false }), said);
});
