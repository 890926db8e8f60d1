import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseTargets, targetSecret } from './target-settings.ts';

const NAMES = { instanceId: 'cri-2', regionId: 'far', registry: 'https://registry.example/' };
const PLAIN = { ...NAMES, user: 'ci', password: 'secret' };
const PEER = { ...NAMES, api: 'https://api.example', accessKeyId: 'LTAI', accessKeySecret: 'hidden' };

const parse = (...entries: unknown[]) => parseTargets(JSON.stringify(entries));

test('a target is a registry with a lasting login, or a server that gives one', () => {
  const [plain, peer] = parse(PLAIN, { ...PEER, instanceId: 'cri-3', accountId: '1' });
  assert.ok(plain && peer);
  assert.deepEqual([plain.registry, plain.login], ['https://registry.example', { user: 'ci', password: 'secret' }]);
  assert.deepEqual([targetSecret(plain), targetSecret(peer), peer.accountId], ['secret', 'hidden', '1']);
});

test('a mistake in the targets is refused with the entry and what is wrong with it, and never shows a secret', () => {
  for (const [entries, why] of [
    [{ targets: [] }, /a list of objects/],
    [['x'], /entry 1 must be an object/],
    [[{ ...PLAIN, pasword: 'secret' }], /entry 1 has the field pasword/],
    [[PLAIN, { ...PEER, accessKeySecret: '' }], /entry 2 needs accessKeySecret/],
    [[{ ...PLAIN, registry: 'registry.example' }], /entry 1: registry must be https/],
    [[{ ...PLAIN, registry: 'https://a:b@registry.example' }], /entry 1: registry must be https/],
    [[PLAIN, PEER], /cri-2 is there twice/],
  ] as const)
    assert.throws(
      () => parseTargets(JSON.stringify(entries)),
      (error: Error) => why.test(error.message) && !/secret$|hidden/.test(error.message),
      String(why),
    );
  assert.throws(() => parseTargets('[{"password": hidden'), { message: 'it is not JSON' });
});
