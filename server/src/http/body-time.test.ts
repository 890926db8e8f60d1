import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { pino } from 'pino';
import { limitBodyTime } from './body-time.ts';
import { createApp, Port } from './port.ts';

test('who never ends a body is cut off, and others are answered meanwhile', async (t) => {
  const port = await Port.bind({ host: '127.0.0.1', port: 0 });
  const app = createApp(pino({ level: 'silent' }));
  limitBodyTime(app, 3000);
  app.post('/', async ({ body }) => ({ got: body }));
  await app.ready();
  port.serve((request, response) => app.routing(request, response), app);
  t.after(() => port.close(0));
  const { hostname, port: number } = new URL(port.url);
  const slow = Array.from({ length: 50 }, () => connect(Number(number), hostname));
  for (const socket of slow) {
    socket.on('error', () => socket.destroy()).resume();
    socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"a":');
  }
  const gone = slow.map((socket) => once(socket, 'close'));
  const answer = await fetch(port.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"a":1}',
  });
  assert.deepEqual(await answer.json(), { got: { a: 1 } });
  await Promise.all(gone);
});
