import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { atEnd, slipway, startServer, type TestServer } from '../support/slipway.ts';

const SKIP = process.env.SLIPWAY_TEST_LONG !== '1' && 'storms two servers: runs with SLIPWAY_TEST_LONG=1';

test('an address that uses all its connections and never finishes its headers does not block others', {
  skip: SKIP,
}, async (t) => {
  const server = await startServer(t, { flags: ['--connections-each-limit', '50'] });
  const token = (await slipway(['token', '--data', server.dataFolder])).stdout.trim();
  const sockets = Array.from({ length: 50 }, () => open(t, server));
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  for (const socket of sockets) socket.write('GET /api/v1/builds HTTP/1.1\r\nhost: x\r\nx-slow: ');
  // The server answers before the client sends: a client that sends first might lose the answer when the connection
  // closes.
  const refused = open(t, server).setEncoding('latin1');
  let answer = '';
  refused.on('data', (text: string) => {
    answer += text;
  });
  await once(refused, 'close');
  assert.match(answer, /^HTTP\/1\.1 503 .*\r\nretry-after: 1\r\n/);
  const served = await answerOf(server, token, '127.0.0.2');
  assert.equal(served.status, 200);
});

test('a caller that calls too often is told when to retry, by key and by token alike', {
  skip: SKIP,
}, async (t) => {
  const server = await startServer(t, { flags: ['--calls-per-second', '1'] });
  const ann = await slipway(['token', '--data', server.dataFolder]);
  assert.equal(ann.code, 0, ann.stderr);
  const storm = await Promise.all(Array.from({ length: 60 }, () => answerOf(server, ann.stdout.trim(), '127.0.0.1')));
  const told = storm.filter(({ status }) => status === 429);
  assert.ok(told.length > 0);
  assert.deepEqual(
    storm.filter(({ status }) => status !== 200 && status !== 429),
    [],
  );
  assert.ok(told.every(({ retryAfter }) => Number(retryAfter) >= 1));
  const signed = await Promise.all(Array.from({ length: 60 }, () => server.client.fetch('/api/v1/builds?limit=1')));
  assert.ok(signed.some(({ status, headers }) => status === 429 && Number(headers.get('retry-after')) >= 1));
});

function open(t: TestContext, server: TestServer): Socket {
  const { hostname, port } = new URL(server.root.Endpoint);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => socket.destroy());
  atEnd(t, () => socket.destroy());
  return socket;
}

/** Lists builds over its own connection, from an address of this machine. */
async function answerOf(server: TestServer, token: string, localAddress: string) {
  const { hostname, port } = new URL(server.root.Endpoint);
  const call = request({
    hostname,
    port,
    localAddress,
    agent: false,
    path: '/api/v1/builds?limit=1',
    headers: { authorization: `Bearer ${token}` },
  });
  call.end();
  const [response] = (await once(call, 'response')) as [IncomingMessage];
  response.resume();
  await once(response, 'end');
  return { status: response.statusCode, retryAfter: response.headers['retry-after'] };
}
