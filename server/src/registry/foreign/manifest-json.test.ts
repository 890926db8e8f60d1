import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseManifest } from './manifest-json.ts';
import { RegistryError } from './registry-error.ts';

const parse = (text: string) => parseManifest(Buffer.from(text), 'reg.example/a:1');
const layer = { mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest: `sha256:${'a'.repeat(64)}`, size: 1 };

test('reads a manifest of a thousand layers, and refuses one that is expensive to read with a clear message', () => {
  const layers = Array.from({ length: 1024 }, () => layer);
  assert.deepEqual(parse(JSON.stringify({ schemaVersion: 2, layers })).layers, layers);
  for (const [text, says] of [
    [`{"schemaVersion":2,"a":"${'x'.repeat(2 ** 20)}"}`, /a:1: the manifest is longer than 1048576 bytes/],
    [`{"schemaVersion":2,"a":[${'[],'.repeat(50_000)}[]]}`, /the manifest has more than 50000 parts/],
    [`{${Array.from({ length: 50_001 }, (_, at) => `"${at}":1`).join()}}`, /more than 50000 parts/],
    [`${'['.repeat(50_001)}`, /more than 50000 parts/],
    ['{"schemaVersion":2', /is not JSON/],
    ['{"schemaVersion":1}', /not of schema version 2/],
    ['null', /not of schema version 2/],
  ] as const)
    assert.throws(
      () => parse(text),
      (error) => error instanceof RegistryError && error.kind === 'refused' && says.test(error.message),
      text.slice(0, 40),
    );
});
