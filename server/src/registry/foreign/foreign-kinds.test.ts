import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startForeignRegistry } from '../testing/foreign-registry.ts';
import { fetchForeignImage } from './foreign-image.ts';

for (const [what, manifest, says] of [
  [
    'layers that may not be passed on',
    {
      schemaVersion: 2,
      config: { digest: `sha256:${'b'.repeat(64)}`, size: 5 },
      layers: [
        {
          mediaType: 'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip',
          digest: `sha256:${'a'.repeat(64)}`,
          size: 5,
        },
      ],
    },
    /of a kind that may not be passed on \(nondistributable\)/,
  ],
  [
    'a manifest of schema 1',
    { schemaVersion: 1, name: 'team/app', tag: 'v1', fsLayers: [], history: [], signatures: [] },
    /not of schema version 2; push the image again/,
  ],
] as const)
  test(`refuses an image with ${what}, with a clear message`, async (context) => {
    const registry = await startForeignRegistry(context, '', (request, response) => {
      if (!request.url?.includes('/manifests/')) return false;
      response.end(JSON.stringify(manifest));
      return true;
    });
    const folder = await mkdtemp(join(tmpdir(), 'slipway-foreign-kind-'));
    context.after(() => rm(folder, { recursive: true, force: true }));
    await assert.rejects(fetchForeignImage({ ...registry.image('team/app:v1'), folder }), says);
  });
