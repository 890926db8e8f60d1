import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkVersions } from './needed-versions.ts';

test('a suite whose builder the server could not read is refused, with its version and the fix', () => {
  const check = (...versions: string[]) =>
    checkVersions({ suite: 'trixie', packages: versions.map((version) => ({ name: 'docker-buildx', version })) });
  assert.throws(
    () => check('0.13.1+ds1-3'),
    /Debian trixie has docker-buildx 0\.13\.1\+ds1-3, and Slipway needs 0\.14 or newer: choose a newer suite, or leave out --suite/,
  );
  for (const [version] of [['x'], []]) assert.throws(() => check(...(version === undefined ? [] : [version])));
  for (const version of ['0.14.0', '0.29.1+ds1-1', '1.0.0', '1:0.20.0-1']) check(version);
});
