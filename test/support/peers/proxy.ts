import { createServer, request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { TestContext } from 'node:test';
import { atEnd } from '../slipway.ts';

/** An HTTP proxy over loopback. */
export interface Proxy {
  url: string;
  /** The requests it got: `GET http://…`, `CONNECT host:port`. */
  asked: string[];
}

/**
 * Starts a proxy that resolves every host name to this machine, so that it knows names nobody else knows. With
 * `status`, it refuses everything with that status.
 */
export async function startProxy(t: TestContext, options: { status?: number; address?: string } = {}): Promise<Proxy> {
  const asked: string[] = [];
  const server = createServer((incoming, response) => {
    asked.push(`${incoming.method} ${incoming.url}`);
    if (options.status !== undefined) return void response.writeHead(options.status).end();
    const url = new URL(incoming.url ?? '');
    const headers = { ...incoming.headers, connection: 'close' };
    const forward = request(
      { host: '127.0.0.1', port: url.port || 80, method: incoming.method, path: url.pathname + url.search, headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    forward.on('error', () => response.destroy());
    incoming.pipe(forward);
  });
  server.on('connect', (incoming, socket, head: Buffer) => {
    asked.push(`CONNECT ${incoming.url}`);
    socket.on('error', () => socket.destroy());
    if (options.status !== undefined) return void socket.end(`HTTP/1.1 ${options.status} No\r\n\r\n`);
    const { port } = new URL(`http://${incoming.url}`);
    const to = connect(Number(port || 80), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      to.write(head);
      socket.pipe(to).pipe(socket);
    });
    to.on('error', () => socket.destroy());
    socket.on('close', () => to.destroy());
  });
  const address = options.address ?? '127.0.0.1';
  await new Promise<void>((resolve) => server.listen(0, address, () => resolve()));
  atEnd(t, () => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://${address}:${(server.address() as AddressInfo).port}`, asked };
}
