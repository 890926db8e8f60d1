import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findPlatform, isNative, readPlatforms, runnablePlatforms, writePlatform } from './platform.ts';

test('treats all spellings of a platform as one', () => {
  const spellings = {
    'linux/amd64': ['amd64', 'x86_64', 'linux/x86_64', 'LINUX/AMD64', 'linux/amd64/v1'],
    'linux/arm64': ['arm64', 'aarch64', 'linux/arm64/v8', 'linux/aarch64'],
    'linux/arm/v7': ['linux/arm', 'arm', 'arm/v7', 'armhf', 'linux/armhf'],
    'linux/arm/v6': ['armel', 'linux/arm/v6'],
    'linux/386': ['386', 'i386', 'linux/i386'],
  };
  for (const [platform, written] of Object.entries(spellings))
    for (const each of written) assert.equal(findPlatform(each), platform, each);
  for (const each of [
    '',
    'linux',
    'windows/amd64',
    'linux/mips',
    'linux/amd64/v9',
    'linux/arm64/v8/x',
    'a'.repeat(9999),
  ])
    assert.equal(findPlatform(each), undefined, each);
});

test('reads several platforms once each, and lists the accepted ones if one is unknown', () => {
  assert.deepEqual(readPlatforms(['linux/arm64', 'amd64', 'aarch64']), { platforms: ['linux/arm64', 'linux/amd64'] });
  const refused = readPlatforms(['amd64', 'windows/amd64']);
  assert.ok('mistake' in refused && /^"windows\/amd64" is not a platform .*linux\/arm64/.test(refused.mistake));
});

test('runs images of older variants and of a processor’s 32-bit kind', () => {
  assert.deepEqual(runnablePlatforms('linux/amd64/v3'), [
    'linux/amd64/v3',
    'linux/amd64/v2',
    'linux/amd64',
    'linux/386',
  ]);
  assert.deepEqual(runnablePlatforms('linux/arm/v7'), ['linux/arm/v7', 'linux/arm/v6', 'linux/arm/v5']);
  assert.deepEqual(runnablePlatforms('linux/s390x'), ['linux/s390x']);
  assert.equal(runnablePlatforms('linux/arm64')[1], 'linux/arm/v8');
  assert.ok(isNative('linux/386', 'linux/amd64') && isNative('linux/amd64/v3', 'linux/amd64'));
  assert.ok(!isNative('linux/arm64', 'linux/amd64') && !isNative('linux/386', 'linux/arm64'));
});

test('writes the platform of an image', () => {
  assert.equal(writePlatform({ os: 'linux', architecture: 'arm64', variant: 'v8' }), 'linux/arm64');
  assert.equal(writePlatform({ architecture: 'arm' }), 'linux/arm/v7');
  assert.equal(writePlatform({ os: 'windows', architecture: 'amd64' }), 'windows/amd64');
  for (const name of ['__proto__', 'constructor', 'toString'])
    assert.equal(writePlatform({ architecture: name }), `linux/${name}`);
});
