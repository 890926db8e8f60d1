import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildsNothing, readReadiness } from './readiness.ts';

test('an answer of /readyz without its problems is an error that says what came, also from a proxy', () => {
  assert.deepEqual(readReadiness(503, '{"Problems":["no disk"]}').Problems, ['no disk']);
  for (const body of ['<html>Bad gateway</html>', '{}', 'null', '"x"', ''])
    assert.throws(() => readReadiness(502, body), { name: 'ApiCallError', code: 'UnreadableReply', status: 502 }, body);
});

test('a server without builds is ready, and builds nothing', () => {
  const platforms = { Native: [], Emulated: [], Refusal: 'this server has the role api' };
  assert.equal(buildsNothing({ Problems: [], Platforms: platforms }), true);
  assert.equal(buildsNothing({ Problems: [], Platforms: { ...platforms, Native: ['linux/amd64'] } }), false);
  assert.equal(buildsNothing({ Problems: ['not read yet'] }), false);
});
