import assert from 'node:assert/strict';
import { test } from 'node:test';
import { platformsOf } from './platforms-of.ts';

const ofJson = (value: unknown) => platformsOf(Buffer.from(JSON.stringify(value)));

test('an image says its platform in its configuration, and an index that of each image, without attestations', () => {
  assert.deepEqual(ofJson({ os: 'linux', architecture: 'arm64', variant: 'v8', rootfs: {} }), ['linux/arm64']);
  assert.deepEqual(ofJson({ os: 'linux', architecture: 'arm', variant: 'v6' }), ['linux/arm/v6']);
  assert.deepEqual(ofJson({ os: 'windows', architecture: 'amd64', 'os.version': '10.0' }), ['windows/amd64']);
  const manifests = [
    { platform: { os: 'linux', architecture: 'amd64' } },
    { platform: { os: 'linux', architecture: 's390x' } },
    { platform: { os: 'linux', architecture: 'amd64' } },
    { platform: { os: 'unknown', architecture: 'unknown' } },
    {},
  ];
  assert.deepEqual(ofJson({ schemaVersion: 2, manifests }), ['linux/amd64', 'linux/s390x']);
});

test('what is no image, or is made to be shown or to be expensive, has no platform', () => {
  const hostile = [
    ...[
      null,
      7,
      [],
      {},
      { os: 'linux' },
      { os: ['linux'], architecture: {} },
      { manifests: [null, 7, { platform: 'x' }] },
    ],
    { os: '<b>', architecture: 'amd64' },
    { os: 'linux', architecture: 'a'.repeat(33) },
    { os: 'linux', architecture: '\u202eamd64' },
  ];
  for (const each of hostile) assert.deepEqual(ofJson(each), [], JSON.stringify(each));
  assert.deepEqual(platformsOf(Buffer.from('not json')), []);
  assert.deepEqual(platformsOf(Buffer.from(`{"os":"linux","architecture":"amd64","x":[${'0,'.repeat(50_000)}0]}`)), []);
  const many = Array.from({ length: 500 }, (_, i) => ({ platform: { os: 'linux', architecture: `cpu${i}` } }));
  assert.equal(ofJson({ manifests: many }).length, 64);
});
