import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { parseIpRange } from '#address/ip-range.ts';
import type { ConnectionLimit } from './connection-limit.ts';
import { Port } from './port.ts';

test('an address above its connection limit gets 503 with Retry-After, and can connect again once another connection closes', async (t) => {
  const port = await openPort(t, { each: 3, exempt: [] });
  const open = await Promise.all([1, 2, 3].map(() => openSocket(t, port)));
  const [refused] = await Promise.all([answerOf(await openSocket(t, port))]);
  assert.match(refused, /^HTTP\/1\.1 503 .*\r\nretry-after: 1\r\n/);
  open[0]?.destroy();
  for (let answer = ''; !answer.includes('starting'); ) {
    const socket = await openSocket(t, port);
    socket.write('GET /healthz HTTP/1.0\r\n\r\n');
    answer = await answerOf(socket);
  }
});

test('a trusted proxy has no limit', async (t) => {
  const loopback = parseIpRange('127.0.0.0/8');
  assert.ok(loopback);
  const port = await openPort(t, { each: 1, exempt: [loopback] });
  await openSocket(t, port);
  const socket = await openSocket(t, port);
  socket.write('GET /healthz HTTP/1.0\r\n\r\n');
  assert.match(await answerOf(socket), /starting/);
});

test('clients that never finish their headers do not block others, and are disconnected', async (t) => {
  const port = await openPort(t, { each: 1000, exempt: [] });
  const slow = await Promise.all(Array.from({ length: 200 }, () => openSocket(t, port)));
  for (const socket of slow) socket.write('GET / HTTP/1.1\r\nhost: x\r\nx-slow: ');
  const answers = slow.map((socket) => answerOf(socket));
  const other = await openSocket(t, port);
  other.write('GET /healthz HTTP/1.0\r\n\r\n');
  assert.match(await answerOf(other), /starting/);
  for (const answer of await Promise.all(answers)) assert.match(answer, /^HTTP\/1\.1 408 /);
});

async function openPort(t: TestContext, limit: ConnectionLimit): Promise<Port> {
  const port = await Port.bind({ host: '127.0.0.1', port: 0 }, undefined, limit);
  t.after(() => port.close(0));
  return port;
}

async function openSocket(t: TestContext, port: Port): Promise<Socket> {
  const { hostname, port: number } = new URL(port.url);
  const socket = connect(Number(number), hostname);
  t.after(() => socket.destroy());
  await once(socket, 'connect');
  return socket;
}

/** Everything received until the connection closes. */
async function answerOf(socket: Socket): Promise<string> {
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  socket.on('error', () => socket.destroy());
  await once(socket, 'close');
  return text;
}
