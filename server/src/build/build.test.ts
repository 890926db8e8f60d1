import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dockerfilePath } from './build.ts';

test('a Dockerfile’s path cannot leave its source, however it is written', () => {
  const cases: [location: string | undefined, name: string | undefined, path: string | undefined][] = [
    [undefined, undefined, 'Dockerfile'],
    ['/', 'Dockerfile', 'Dockerfile'],
    ['/docker', 'Dockerfile.dev', 'docker/Dockerfile.dev'],
    ['//a/./b//', './c/D', 'a/b/c/D'],
    // Percent signs and dots are ordinary characters in a name: nothing decodes them.
    ['/%2e%2e', '...', '%2e%2e/...'],
    ['/', '/etc/shadow', 'etc/shadow'],
    ['/', '-f', '-f'],
    ['..', 'Dockerfile', undefined],
    ['/a/../..', 'Dockerfile', undefined],
    ['/', '../Dockerfile', undefined],
    ['/', 'a/../../b', undefined],
    ['/', '..', undefined],
    ['/', 'a/', undefined],
    ['/', '', undefined],
    ['/', '.', undefined],
    ['/a\\b', 'Dockerfile', undefined],
    ['/', 'a\\..\\b', undefined],
    ['/', 'a\0b', undefined],
    ['/', 'a\nb', undefined],
    ['/', 'a\u0085b', undefined],
    ['/', 'x'.repeat(1025), undefined],
  ];
  for (const [location, name, path] of cases)
    assert.equal(dockerfilePath(location, name), path, JSON.stringify([location, name]));
});
