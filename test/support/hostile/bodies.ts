import { connect } from 'node:net';
import { send } from '../../../server/src/gateway/testing/send.ts';
import type { Chance } from '../chance.ts';

/** How many requests an attack makes at once. */
const AT_ONCE = 12;
const LARGE_BYTES = 24 * 1024 * 1024;
const TRICKLE_MS = 4000;

/**
 * Attacks with unexpected bodies on a server at an endpoint; each returns the statuses of the answers, 0 for a closed
 * connection.
 */
export const HOSTILE_BODIES: Record<string, (endpoint: string, chance: Chance) => Promise<number[]>> = {
  'large bodies for a hook that does not exist': (endpoint) =>
    atOnce(() =>
      post(endpoint, '/hooks/none', { 'content-type': 'application/json' }, Buffer.alloc(LARGE_BYTES, 0x5b)),
    ),
  'large bodies of an unsupported type': (endpoint, chance) => {
    const path = chance.pick(['/api/v1/builds', '/api/v1/session/password', '/console/', '/token', '/metrics', '/']);
    return atOnce(() => post(endpoint, path, { 'content-type': 'text/plain' }, Buffer.alloc(LARGE_BYTES, 0x20)));
  },
  'bodies that trickle': (endpoint, chance) => {
    const path = chance.pick([
      '/hooks/none',
      '/api/v1/builds',
      '/api/v1/session/password',
      '/api/v1/sources',
      '/v2/a/b/blobs/uploads/',
      '/',
    ]);
    return atOnce(() => trickle(endpoint, path));
  },
  'bodies that wait for 100-continue': (endpoint, chance) => {
    const path = chance.pick(['/v2/a/b/blobs/uploads/x', '/api/v1/sources', '/hooks/none', '/']);
    return atOnce(() => wait(endpoint, path));
  },
  'connections that send nothing': (endpoint) => atOnce(() => exchange(endpoint, 'POST / HTTP/1.1\r\n', TRICKLE_MS)),
};

function atOnce(act: () => Promise<number>): Promise<number[]> {
  return Promise.all(Array.from({ length: AT_ONCE }, act));
}

async function post(endpoint: string, path: string, headers: Record<string, string>, body: Buffer): Promise<number> {
  // A server that has answered may close before all was sent.
  return send({ endpoint }, path, { method: 'POST', headers, body }).then(
    ({ status }) => status,
    () => 0,
  );
}

function trickle(endpoint: string, path: string): Promise<number> {
  const head = `POST ${path} HTTP/1.1\r\nHost: ${new URL(endpoint).host}\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n`;
  return exchange(endpoint, head, TRICKLE_MS, ' ');
}

function wait(endpoint: string, path: string): Promise<number> {
  const head = `PUT ${path} HTTP/1.1\r\nHost: ${new URL(endpoint).host}\r\nExpect: 100-continue\r\nContent-Length: 1000000\r\n\r\n`;
  return exchange(endpoint, head, TRICKLE_MS);
}

/**
 * Sends bytes, then a few more again and again for a time, and disconnects; returns the status of the answer, if any.
 */
function exchange(endpoint: string, bytes: string, forMs: number, more = ''): Promise<number> {
  const { hostname, port } = new URL(endpoint);
  return new Promise((resolve) => {
    let head = '';
    const socket = connect({ host: hostname, port: Number(port) }, () => socket.write(bytes));
    const drip = setInterval(() => socket.write(more), 100);
    const leave = setTimeout(() => socket.destroy(), forMs);
    socket.on('data', (chunk: Buffer) => {
      if (head.length < 16) head += chunk.toString('latin1', 0, 16);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearInterval(drip);
      clearTimeout(leave);
      resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0));
    });
  });
}
