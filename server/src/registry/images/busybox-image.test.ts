import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isNewer } from './busybox-image.ts';

test('of two machines with another busybox each, the newer one has its image in the registry', () => {
  const label = (version: string, layout = 1) => `BusyBox v${version} layout ${layout}`;
  assert.ok(isNewer(label('1.37.0 (Debian 1:1.37.0-4)'), label('1.35.0 (Debian 1:1.35.0-4+b3)')));
  assert.ok(isNewer(label('1.36.10'), label('1.36.9')));
  assert.ok(isNewer(label('1.35.0', 2), label('1.37.0', 1)));
  for (const than of [label('1.37.0'), label('1.37.1'), label('1.30.0', 2)])
    assert.ok(!isNewer(label('1.37.0'), than), than);
});
