import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { createApp, Port } from './port.ts';
import { BODY_TIMES, BodyGate, type BodyTimes } from './request-body.ts';

const MEBIBYTE = 2 ** 20;

test('clients that never finish a body are disconnected, on every route and with every type, read or not, and others are answered', async (t) => {
  const { port } = await openPort(t, { times: { ...BODY_TIMES, heldMs: 300, stretchMs: 300 } });
  const requests = [
    ...['/held', '/streamed', '/nowhere', '/refused', '/'].map(
      (path) => `POST ${path} HTTP/1.1\r\ncontent-type: text/plain`,
    ),
    'POST /held HTTP/1.1\r\ncontent-type: application/json',
    'POST /held HTTP/1.1',
    'GET /held HTTP/1.1',
  ];
  const slow = requests.flatMap((head) => [
    send(t, port, `${head}\r\nhost: x\r\ncontent-length: 100\r\n\r\n{"a":`),
    send(t, port, `${head}\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"a":\r\n`),
  ]);
  const gone = slow.map((socket) => once(socket, 'close'));
  const answer = await fetch(`${port.url}/held`, { method: 'POST', body: 'whole' });
  assert.equal(await answer.text(), '5');
  await Promise.all(gone);
});

test('a body in tiny pieces is cut off before it fills memory, and a body in small pieces is accepted', async (t) => {
  const { port } = await openPort(t, { times: BODY_TIMES });
  for (const path of ['/held', '/streamed', '/nowhere']) {
    const crumbs = send(t, port, `POST ${path} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n`);
    const gone = new Promise((resolve) => crumbs.on('error', () => undefined).once('close', resolve));
    crumbs.write('1\r\na\r\n'.repeat(50_000));
    await gone;
  }
  const body = ReadableStream.from(Array.from({ length: 5000 }, () => new Uint8Array(100)));
  const answer = await fetch(`${port.url}/streamed`, { method: 'POST', body, duplex: 'half' } as RequestInit);
  assert.equal(await answer.text(), '500000');
});

test('a streamed body may take any time as long as data keeps arriving', async (t) => {
  const { port } = await openPort(t, { times: { ...BODY_TIMES, heldMs: 500, stretchMs: 5000 } });
  const sizes = Array.from({ length: 40 }, () => 4096);
  const body = ReadableStream.from(
    (async function* () {
      for (const size of sizes) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        yield new Uint8Array(size);
      }
    })(),
  );
  const answer = await fetch(`${port.url}/streamed`, { method: 'POST', body, duplex: 'half' } as RequestInit);
  assert.equal(await answer.text(), String(40 * 4096));
});

test('held bodies share a limited room, and one address gets a quarter of it; above that, requests get 503', async (t) => {
  const { port, bodies } = await openPort(t, { totalBytes: 16 * MEBIBYTE });
  const post = (sizeBytes: number) => `POST /held HTTP/1.1\r\nhost: x\r\ncontent-length: ${sizeBytes}\r\n\r\nbegun`;
  const begun = [1, 2, 3, 4].map(() => send(t, port, post(MEBIBYTE)));
  while (bodies.heldBytes < 4 * MEBIBYTE) await new Promise(setImmediate);
  const body = Buffer.alloc(MEBIBYTE);
  const refused = await fetch(`${port.url}/held`, { method: 'POST', body });
  assert.deepEqual([refused.status, refused.headers.get('connection')], [503, 'close']);
  // Bodies that are streamed, small or absent use no room.
  assert.equal((await fetch(`${port.url}/streamed`, { method: 'POST', body })).status, 200);
  assert.equal((await fetch(`${port.url}/held`, { method: 'POST', body: 'small' })).status, 200);
  assert.equal((await fetch(`${port.url}/held`, { method: 'POST' })).status, 200);
  for (const socket of begun) socket.destroy();
  while (bodies.heldBytes > 0) await new Promise(setImmediate);
  assert.equal((await fetch(`${port.url}/held`, { method: 'POST', body })).status, 200);
});

test('all addresses of an IPv6 network share one limit, and other networks have their own', () => {
  const bodies = new BodyGate({ totalBytes: 4 * MEBIBYTE });
  const admit = (remoteAddress: string) => {
    const headers = { 'content-length': String(MEBIBYTE) };
    const request = { headers, rawHeaders: [], socket: { remoteAddress } } as unknown as IncomingMessage;
    bodies.admit(request, new EventEmitter() as unknown as ServerResponse, MEBIBYTE);
  };
  admit('2001:db8:1:2::7');
  for (const same of ['2001:db8:1:2:ffff::1', '2001:db8:1:2:3:4:5:6', '2001:db8:1:2::'])
    assert.throws(() => admit(same), { status: 503, code: 'ServiceUnavailable' }, same);
  admit('2001:db8:1:3::7');
  admit('2001:db8::2:0:0:7');
  admit('192.0.2.1');
  assert.throws(() => admit('192.0.2.2'), /of other requests as it is allowed to/);
});

test('a client that sends Expect: 100-continue is asked for its body when it is read, or gets the refusal instead', async (t) => {
  const { port } = await openPort(t, {});
  const head = (path: string, size = 5) =>
    `POST ${path} HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: ${size}\r\n\r\n`;
  for (const path of ['/held', '/streamed']) {
    const socket = send(t, port, head(path));
    const heard = hear(socket);
    while (!heard.text.includes('100 Continue')) await once(socket, 'data');
    socket.write(`wholePOST ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
    await once(socket, 'close');
    assert.match(heard.text, /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK.*\r\n\r\n5HTTP\/1\.1 200 OK/s, path);
  }
  for (const [path, size, status] of [
    ['/refused', 5, 403],
    ['/held', 2 * MEBIBYTE, 413],
    ['/', 5, 401],
  ] as const) {
    const socket = send(t, port, head(path, size));
    const heard = hear(socket);
    await once(socket, 'close');
    assert.match(heard.text, new RegExp(`^HTTP/1.1 ${status} `), path);
    assert.match(heard.text, /\r\nconnection: close\r\n/i);
  }
});

async function openPort(t: TestContext, options: { times?: BodyTimes; totalBytes?: number }) {
  const port = await Port.bind({ host: '127.0.0.1', port: 0 }, undefined, undefined, options.times ?? BODY_TIMES);
  const bodies = new BodyGate({ totalBytes: options.totalBytes ?? 256 * MEBIBYTE });
  const app = createApp(pino({ level: 'silent' }), bodies);
  addRoutes(app);
  await app.ready();
  // A gateway that refuses without reading the body.
  port.serve((_request, response) => response.writeHead(401).end(), app);
  t.after(() => port.close(0));
  return { port, bodies };
}

function addRoutes(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.setErrorHandler((error: { status?: number; statusCode?: number }, _request, reply) =>
    reply
      .code(error.status ?? error.statusCode ?? 500)
      .header('connection', 'close')
      .send(''),
  );
  app.route({
    method: ['POST'],
    url: '/held',
    handler: async ({ body }) => String((body as Buffer | undefined)?.length ?? 0),
  });
  app.get('/held', async () => '0');
  const onRequest = async () => {
    throw Object.assign(new Error('refused'), { status: 403 });
  };
  app.post('/refused', { onRequest }, async () => '');
  app.register(async (streams) => {
    streams.removeAllContentTypeParsers();
    streams.addContentTypeParser('*', (_request, _payload, done) => done(null));
    streams.post('/streamed', { config: { streamsBody: true } }, async ({ raw }) => {
      let sizeBytes = 0;
      for await (const chunk of raw) sizeBytes += (chunk as Buffer).length;
      return String(sizeBytes);
    });
  });
}

function send(t: TestContext, port: Port, text: string): Socket {
  const { hostname, port: number } = new URL(port.url);
  const socket = connect(Number(number), hostname);
  t.after(() => socket.destroy());
  socket.on('error', () => socket.destroy()).resume();
  socket.write(text);
  return socket;
}

function hear(socket: Socket): { text: string } {
  const heard = { text: '' };
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    heard.text += chunk;
  });
  return heard;
}
