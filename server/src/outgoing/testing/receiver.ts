import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { allowedAddresses } from '#address/address.ts';
import { findRoute } from '#address/route.ts';
import { type PostMeans, postDelivery } from '../post-delivery.ts';

/** What a receiver got. */
export interface Received {
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

/** A receiver of deliveries on loopback, until the test ends. `answer` may choose its replies. */
export async function startReceiver(
  context: TestContext,
  answer: (response: ServerResponse, received: Received) => unknown = (response) => response.end(),
): Promise<{ url: string; port: number; received: Received[]; close(): Promise<unknown> }> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const one = { path: request.url ?? '', headers: request.headers, body };
    received.push(one);
    await answer(response, one);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  context.after(close);
  return { url: `http://127.0.0.1:${port}/hook`, port, received, close };
}

/** Sends like a server that may reach 127.0.0.1 and no other loopback address. */
export function posting(
  now: () => number = Date.now,
): (call: Parameters<typeof postDelivery>[1]) => ReturnType<typeof postDelivery> {
  const allowed = allowedAddresses(['127.0.0.1']);
  const pin: PostMeans['pin'] = (host) =>
    findRoute(host, allowed, { proxy: undefined, direct: [] }, 'trigger-allow-addresses');
  return (call) => postDelivery({ pin, authorities: undefined, now }, call);
}
