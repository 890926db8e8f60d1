import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseProviders } from './provider-settings.ts';

const parse = (...entries: unknown[]) => parseProviders(JSON.stringify(entries));

test('the registries of the vendor are always there, and an entry adds one or gives one of them a login', () => {
  assert.deepEqual(
    parse().map(({ name, host, listing, api }) => [name, host, listing, api]),
    [
      ['DOCKER_HUB', 'docker.io', 'docker-hub', 'https://hub.docker.com'],
      ['GCR', 'gcr.io', 'registry', 'https://gcr.io'],
      ['QUAY', 'quay.io', 'quay', 'https://quay.io'],
    ],
  );
  const login = { user: 'ci', password: 'secret' };
  const changed = parse({ name: 'OWN', registry: 'http://registry.example:5000/' }, { name: 'DOCKER_HUB', ...login });
  assert.deepEqual(
    changed.map(({ name, host, listing, login: shown }) => [name, host, listing, shown]),
    [
      ['GCR', 'gcr.io', 'registry', undefined],
      ['QUAY', 'quay.io', 'quay', undefined],
      ['OWN', 'registry.example:5000', 'registry', undefined],
      ['DOCKER_HUB', 'docker.io', 'docker-hub', login],
    ],
  );
});

test('a mistake in the registries is refused with the entry and what is wrong with it, and never shows a secret', () => {
  const own = { name: 'OWN', registry: 'https://registry.example', user: 'ci', password: 'secret' };
  for (const [entries, why] of [
    [{ providers: [] }, /a list of objects/],
    [['x'], /entry 1 must be an object/],
    [[null], /entry 1 must be an object/],
    [[{ ...own, pasword: 'secret' }], /entry 1 has the field pasword/],
    [[own, { ...own, name: 'OTHER', password: '' }], /entry 2 needs password/],
    [[{ name: 'OWN' }], /entry 1 needs registry/],
    [[{ ...own, name: 'A B' }], /entry 1: name must be/],
    [[{ ...own, registry: 'registry.example' }], /entry 1: registry must be https/],
    [[{ ...own, registry: 'https://a:b@registry.example' }], /entry 1: registry must be https/],
    [[{ ...own, listing: 'hub' }], /entry 1: listing must be one of docker-hub, quay, registry/],
    [[own, own], /OWN is there twice/],
  ] as const)
    assert.throws(
      () => parseProviders(JSON.stringify(entries)),
      (error: Error) => why.test(error.message) && !/secret$/.test(error.message),
      String(why),
    );
  assert.throws(() => parseProviders('[{"password": hidden'), { message: 'it is not JSON' });
});
