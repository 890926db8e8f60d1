import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readReadiness } from './readiness.ts';

test('an answer of /readyz without its problems is an error that says what came, also from a proxy', () => {
  assert.deepEqual(readReadiness(503, '{"Problems":["no disk"]}').Problems, ['no disk']);
  for (const body of ['<html>Bad gateway</html>', '{}', 'null', '"x"', ''])
    assert.throws(() => readReadiness(502, body), { name: 'ApiCallError', code: 'UnreadableReply', status: 502 }, body);
});
