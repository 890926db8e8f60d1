import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import Fastify, { type FastifyInstance } from 'fastify';
import { Port } from './port.ts';
import { BODY_TIMES } from './request-body.ts';

const LARGE = Buffer.alloc(64 * 2 ** 20);

test('a client that stops reading its answer is disconnected, whatever kind of answer it is', async (t) => {
  const ended: Promise<unknown>[] = [];
  const port = await openPort(t, (app) => {
    app.addHook('onRequest', async (_request, { raw }) => void ended.push(once(raw, 'close')));
    app.get('/whole', async () => LARGE);
    app.get('/streamed', async (_request, reply) => reply.send(Readable.from([LARGE, LARGE])));
    app.get('/own', async (_request, reply) => {
      reply.hijack().raw.write(LARGE);
      return reply;
    });
  });
  for (const path of ['/whole', '/streamed', '/own']) {
    const socket = connect(Number(new URL(port.url).port), '127.0.0.1');
    t.after(() => socket.destroy());
    socket.on('error', () => socket.destroy()).write(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`);
    await once(socket, 'readable');
  }
  assert.equal(ended.length, 3);
  await Promise.all(ended);
});

test('an answer may take longer to begin than its client may stop reading', async (t) => {
  const port = await openPort(t, (app) => {
    app.get('/late', async ({ raw }) => {
      await once(raw.socket, 'timeout');
      return 'late';
    });
  });
  assert.equal(await (await fetch(`${port.url}/late`)).text(), 'late');
});

async function openPort(t: TestContext, addRoutes: (app: FastifyInstance) => void): Promise<Port> {
  const times = { ...BODY_TIMES, answerMs: 300 };
  const port = await Port.bind({ host: '127.0.0.1', port: 0 }, undefined, undefined, times);
  const app = Fastify();
  addRoutes(app);
  await app.ready();
  port.serve((_request, response) => response.writeHead(401).end(), app);
  t.after(() => port.close(0));
  return port;
}
