import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { ReplyTurn } from './reply-turn.ts';

test('replies made in one turn go out whole in their order, and one whose client is gone keeps none of the others back', async (t) => {
  const ended: string[] = [];
  const waiting: ServerResponse[] = [];
  const turn = new ReplyTurn(
    () => ended.push('before'),
    (error) => assert.ifError(error),
  );
  const server = createServer((request, response) => {
    const url = request.url ?? '';
    response.once('finish', () => ended.push(url));
    response.writeHead(200, { 'Content-Length': Buffer.byteLength(`body of ${url}`) });
    waiting.push(response);
    if (url === '/gone') response.destroy();
    if (waiting.length < 3) return;
    for (const one of waiting) turn.end(one, `body of ${one.req.url}`, 'utf8');
    assert.deepEqual(ended, [], 'nothing goes out before the turn is over');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const read = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).text();
  await assert.rejects(read('/gone'));
  assert.deepEqual(await Promise.all([read('/first'), read('/second')]), ['body of /first', 'body of /second']);
  assert.deepEqual(ended.toSorted(), ['/first', '/second', 'before']);
  assert.equal(ended[0], 'before');
});

test('no reply goes out where what must be done before it fails, and the failure is told', async (t) => {
  const cause = new Error('the disk is gone');
  const faults: unknown[] = [];
  const turn = new ReplyTurn(
    () => {
      throw cause;
    },
    (error) => faults.push(error),
  );
  const server = createServer((_, response) => turn.end(response.writeHead(200), 'body', 'utf8'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  await assert.rejects(fetch(`http://127.0.0.1:${port}/`), TypeError);
  assert.deepEqual(faults, [cause]);
});
