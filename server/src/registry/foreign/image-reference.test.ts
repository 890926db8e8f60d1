import assert from 'node:assert/strict';
import { test } from 'node:test';

import { type BaseSourceSettings, listBaseSources } from './base-source.ts';
import { formatImageReference, ImageReferenceError, parseImageReference } from './image-reference.ts';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;

const NAMES: [string, string][] = [
  ['busybox', 'docker.io/library/busybox:latest'],
  ['busybox:1.35', 'docker.io/library/busybox:1.35'],
  ['docker:27-cli', 'docker.io/library/docker:27-cli'],
  ['team/app', 'docker.io/team/app:latest'],
  ['docker.io/busybox', 'docker.io/library/busybox:latest'],
  ['index.docker.io/team/app:1', 'docker.io/team/app:1'],
  ['localhost/app', 'localhost/app:latest'],
  ['localhost:5000/team/app:v1', 'localhost:5000/team/app:v1'],
  ['127.0.0.1:8720/team/app', '127.0.0.1:8720/team/app:latest'],
  ['[::1]:8720/team/app', '[::1]:8720/team/app:latest'],
  ['[0:0:0:0:0:0:0:A]:80/team/app', '[::a]:80/team/app:latest'],
  ['quay.io/a/b/c:d', 'quay.io/a/b/c:d'],
  ['Registry.Example/team/app', 'registry.example/team/app:latest'],
  [`busybox@${DIGEST}`, `docker.io/library/busybox@${DIGEST}`],
  [`host:5000/ns/name:tag@${DIGEST}`, `host:5000/ns/name@${DIGEST}`],
];

for (const [text, expected] of NAMES) {
  test(`completes ${text}`, () => {
    assert.equal(formatImageReference(parseImageReference(text)), expected);
  });
}

const REFUSED: [string, RegExp][] = [
  ['oci:/etc', /transport "oci:" is refused/],
  ['oci-archive:x.tar', /transport "oci-archive:"/],
  ['docker-daemon:busybox:latest', /transport "docker-daemon:"/],
  ['containers-storage:busybox', /transport "containers-storage:"/],
  ['containers-storage:[overlay@/x]busybox', /transport "containers-storage:"/],
  ['docker-archive:/x.tar', /transport "docker-archive:"/],
  ['dir:/etc', /transport "dir:"/],
  ['DIR:/etc', /transport "dir:"/],
  ['sif:/x', /transport "sif:"/],
  ['tarball:/x', /transport "tarball:"/],
  ['ostree:x', /transport "ostree:"/],
  ['docker://busybox', /transport "docker:"/],
  ['https://busybox', /transport "https:"/],
  ['', /empty/],
  ['a'.repeat(64), /image id/],
  ['BusyBox', /lower-case/],
  ['busybox:', /a tag is/],
  ['busybox:a b', /a tag is/],
  ['busybox@sha256:abc', /a digest is/],
  ['busybox@', /a digest is/],
  ['[1:2:3]:80/app', /not a registry host/],
  [`busybox@${DIGEST}@${DIGEST}`, /a digest is/],
  ['../etc', /host|lower-case/],
  ['team/../../app', /lower-case/],
  ['-x', /lower-case/],
  ['--help', /lower-case/],
  ['team/app\n', /lower-case/],
  ['$BASE', /lower-case/],
  ['ex ample.org/app', /host|lower-case/],
];

for (const [text, expected] of REFUSED) {
  test(`refuses ${JSON.stringify(text)}`, () => {
    assert.throws(
      () => parseImageReference(text),
      (cause: unknown) => {
        assert.ok(cause instanceof ImageReferenceError);
        assert.match(cause.message, expected);
        return true;
      },
    );
  });
}

const SETTINGS: BaseSourceSettings = {
  ownUrls: ['https://build.example', 'http://127.0.0.1:8720'],
  ownRegistryUrl: 'http://127.0.0.1:8720',
};

const PLACES: [string, Partial<BaseSourceSettings>, string[]][] = [
  [
    'busybox',
    {},
    ['own docker://127.0.0.1:8720/library/busybox:latest', 'registry docker://docker.io/library/busybox:latest'],
  ],
  [
    'busybox:1',
    { dockerIoMirror: 'https://mirror.example/hub/' },
    ['own docker://127.0.0.1:8720/library/busybox:1', 'mirror docker://mirror.example/hub/library/busybox:1'],
  ],
  [
    'team/app',
    {},
    ['own docker://127.0.0.1:8720/imported/docker.io__team__app:latest', 'registry docker://docker.io/team/app:latest'],
  ],
  [
    'team/app',
    { dockerIoMirror: 'http://mirror:5000' },
    ['own docker://127.0.0.1:8720/imported/docker.io__team__app:latest', 'mirror docker://mirror:5000/team/app:latest'],
  ],
  ...['build.example', 'BUILD.example:443', 'localhost:8720', '127.1:8720', '2130706433:8720', '[::1]:8720'].map(
    (host): (typeof PLACES)[number] => [`${host}/team/app:1`, {}, ['own docker://127.0.0.1:8720/team/app:1']],
  ),
  ['[0:0:0:0:0:0:0:1]:8720/team/app:1', {}, ['own docker://127.0.0.1:8720/team/app:1']],
  [
    'build.example:8720/team/app:1',
    {},
    [
      'own docker://127.0.0.1:8720/imported/build.example_8720__team__app:1',
      'registry docker://build.example:8720/team/app:1',
    ],
  ],
  [`127.0.0.1:8720/team/app@${DIGEST}`, {}, [`own docker://127.0.0.1:8720/team/app@${DIGEST}`]],
  [
    'quay.io/team/app',
    { dockerIoMirror: 'https://mirror' },
    ['own docker://127.0.0.1:8720/imported/quay.io__team__app:latest', 'registry docker://quay.io/team/app:latest'],
  ],
  ['quay.io/team/a__b', {}, ['registry docker://quay.io/team/a__b:latest']],
];

for (const [text, settings, expected] of PLACES) {
  test(`looks for ${text} in ${expected.length} places${settings.dockerIoMirror ? ' with a mirror' : ''}`, () => {
    const found = listBaseSources(parseImageReference(text), { ...SETTINGS, ...settings });
    assert.deepEqual(
      found.map(({ origin, source }) => `${origin} ${source}`),
      expected,
    );
  });
}

test('asks the configured mirrors before the registry, which may be used without TLS', () => {
  const registry = { mirrors: ['https://mirror.example/quay', 'http://127.0.0.1:5000'], plainHttp: true };
  const found = listBaseSources(parseImageReference('quay.io/team/app:1'), SETTINGS, registry).slice(1);
  assert.deepEqual(
    found.map(({ host, source, tlsVerify }) => [host, source, tlsVerify]),
    [
      ['mirror.example', 'docker://mirror.example/quay/team/app:1', true],
      ['127.0.0.1:5000', 'docker://127.0.0.1:5000/team/app:1', false],
      ['quay.io', 'docker://quay.io/team/app:1', false],
    ],
  );
});

test('asks a mirror by its own name, even if that could mean something else', () => {
  const asked = (mirror: string) => {
    const [place] = listBaseSources(parseImageReference('quay.io/team/a__b'), SETTINGS, {
      mirrors: [mirror],
      plainHttp: false,
    });
    return [place?.host, parseImageReference(place?.source.slice('docker://'.length) ?? '').host];
  };
  for (const [mirror, host] of [
    ['http://mirror', 'mirror:80'],
    ['https://mirror/', 'mirror:443'],
    ['http://mirror:5000/quay', 'mirror:5000'],
    ['https://localhost', 'localhost'],
    ['https://mirror.example:443', 'mirror.example'],
    ['http://[0::1]', '[::1]'],
  ] as const)
    assert.deepEqual(asked(mirror), [host, host], mirror);
});

test('verifies TLS everywhere except where the setting says http', () => {
  const places = listBaseSources(parseImageReference('busybox'), { ...SETTINGS, dockerIoMirror: 'http://mirror:5000' });
  assert.deepEqual(
    places.map(({ tlsVerify, ownRepository }) => ({ tlsVerify, ownRepository })),
    [
      { tlsVerify: false, ownRepository: 'library/busybox' },
      { tlsVerify: false, ownRepository: undefined },
    ],
  );
  const hub = listBaseSources(parseImageReference('team/app'), SETTINGS);
  assert.equal(hub.at(-1)?.tlsVerify, true);
});
