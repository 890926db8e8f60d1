import assert from 'node:assert/strict';
import { test } from 'node:test';
import Fastify from 'fastify';
import type { NativeMeans } from './native-operation.ts';
import { nativeRoutes } from './native-routes.ts';
import { openApiDocument } from './openapi.ts';

test('serves exactly what the document names', async () => {
  const app = Fastify();
  const routes = new Set<string>();
  app.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) if (one !== 'HEAD') routes.add(`${one} ${url.replace(/:(\w+)/g, '{$1}')}`);
  });
  // Routes are made from the data, and use their means only when a request comes.
  await app.register(nativeRoutes, { means: { version: '1' } as NativeMeans });
  routes.delete('GET /openapi.json');
  const { paths } = openApiDocument('1') as { paths: Record<string, object> };
  const documented = Object.entries(paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
  );
  assert.deepEqual([...routes].sort(), documented.sort());
  await app.close();
});

test('the document says when an operation answers without a body', () => {
  const { paths } = openApiDocument('1') as { paths: Record<string, Record<string, { responses: object }>> };
  assert.deepEqual(Object.keys(paths['/session/renew']?.post?.responses ?? {}), ['200', '204', 'default']);
});
