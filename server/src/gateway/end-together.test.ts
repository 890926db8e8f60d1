import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { endTogether } from './end-together.ts';

test('replies made in one turn go out whole in their order, and one whose client is gone keeps none of the others back', async (t) => {
  const ended: string[] = [];
  const waiting: Parameters<typeof endTogether>[0][] = [];
  const server = createServer((request, response) => {
    const url = request.url ?? '';
    response.once('finish', () => ended.push(url));
    response.writeHead(200, { 'Content-Length': Buffer.byteLength(`body of ${url}`) });
    waiting.push(response);
    if (url === '/gone') response.destroy();
    if (waiting.length < 3) return;
    for (const one of waiting) endTogether(one, `body of ${one.req.url}`, 'utf8');
    assert.deepEqual(ended, [], 'nothing goes out before the turn is over');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const read = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).text();
  await assert.rejects(read('/gone'));
  assert.deepEqual(await Promise.all([read('/first'), read('/second')]), ['body of /first', 'body of /second']);
  assert.deepEqual(ended.toSorted(), ['/first', '/second']);
});
