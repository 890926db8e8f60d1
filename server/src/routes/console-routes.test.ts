import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import Fastify from 'fastify';
import { consoleRoutes } from './console-routes.ts';

test('a server that starts before the console is built says so, then serves it, and then each newer build', async (t) => {
  const root = mkdtempSync(join(tmpdir(), 'slipway-console-'));
  t.after(() => rmSync(root, { recursive: true }));
  const folder = join(root, 'dist');
  const app = Fastify();
  t.after(() => app.close());
  await app.register(consoleRoutes, { folder, names: {} });
  const ask = async (url: string) => {
    const { statusCode, body } = await app.inject({ url, headers: { host: 'localhost' } });
    return [statusCode, body] as const;
  };
  const build = (name: string) => {
    mkdirSync(join(root, name, 'assets'), { recursive: true });
    writeFileSync(join(root, name, 'assets', `${name}.js`), name);
    writeFileSync(join(root, name, 'index.html'), `page of ${name}`);
    mkdirSync(join(root, name, 'docs/guides'), { recursive: true });
    writeFileSync(join(root, name, 'docs/index.html'), `documentation of ${name}`);
    writeFileSync(join(root, name, 'docs/guides/docker.html'), `docker with ${name}`);
  };

  const [status, sentence] = await ask('/console/');
  assert.equal(status, 503);
  assert.match(sentence, /not ready yet.*Load this page again/);

  build('first');
  renameSync(join(root, 'first'), folder);
  assert.deepEqual(await ask('/console/builds'), [200, 'page of first']);
  assert.deepEqual(await ask('/console/assets/first.js'), [200, 'first']);

  build('second');
  renameSync(folder, join(root, 'old'));
  assert.deepEqual(await ask('/console/'), [200, 'page of first'], 'between two renames the old one stays');
  renameSync(join(root, 'second'), folder);
  assert.deepEqual(await ask('/console/'), [200, 'page of second']);

  for (const url of ['/docs', '/docs/']) assert.deepEqual(await ask(url), [200, 'documentation of second']);
  assert.deepEqual(await ask('/docs/guides/docker'), [200, 'docker with second']);
  const none = 'There is no such page. The documentation begins at /docs/.\n';
  for (const url of ['/docs/none', '/docs/guides', '/docs/..%2findex'])
    assert.deepEqual(await ask(url), [404, none], url);

  for (const [accepted, encoding] of [
    ['br, gzip', 'gzip'],
    ['gzip;q=0, identity', undefined],
    ['x-gzip', undefined],
  ] as const) {
    const headers = { host: 'localhost', 'accept-encoding': accepted };
    const reply = await app.inject({ url: '/console/', headers });
    assert.equal(reply.headers['content-encoding'], encoding, accepted);
  }
});
