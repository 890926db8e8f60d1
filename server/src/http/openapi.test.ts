import assert from 'node:assert/strict';
import { test } from 'node:test';
import Fastify from 'fastify';
import { type ApiRoutesOptions, apiRoutes } from './api-routes.ts';
import { openApiDocument } from './openapi.ts';

test('the document names every route of the native API and no other', async () => {
  const app = Fastify();
  const routes = new Set<string>();
  app.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) if (one !== 'HEAD') routes.add(`${one} ${url.replace(/:(\w+)/g, '{$1}')}`);
  });
  // Routes are made from these parts and call them only when a request comes.
  await app.register(apiRoutes, { means: {}, verifier: {}, instanceId: 'cri-1' } as unknown as ApiRoutesOptions);
  routes.delete('GET /openapi.json');
  const { paths } = openApiDocument('1') as { paths: Record<string, object> };
  const documented = Object.entries(paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
  );
  assert.deepEqual([...routes].sort(), documented.sort());
  await app.close();
});
