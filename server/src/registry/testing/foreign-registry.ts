import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

import type { ForeignImage } from '../foreign/foreign-image.ts';

/** Answers before the registry does; returns true if it did. */
export type Trick = (request: IncomingMessage, response: ServerResponse) => boolean;

/**
 * Starts a registry with the token flow. It holds the single image of a `dir:` folder under every name, and is reached
 * as `registry.example`; `denied.example` may not be reached.
 */
export async function startForeignRegistry(
  context: TestContext,
  image: string,
  trick: Trick = () => false,
): Promise<{ image(name: string): ForeignImage; asked: string[] }> {
  const asked: string[] = [];
  const port = await listen(
    context,
    createServer((request, response) => {
      if (!trick(request, response)) void answer(image, request, response);
    }),
  );
  return {
    asked,
    image: (name) => ({
      source: `docker://registry.example:${port}/${name}`,
      tlsVerify: false,
      async pin(host) {
        asked.push(host);
        if (host === 'denied.example') throw new Error('denied.example is denied');
        return { address: '127.0.0.1' };
      },
    }),
  };
}

/** Starts a server that nothing may reach, and counts its requests. */
export async function startCanary(context: TestContext): Promise<{ port: number; requests: number }> {
  const canary = { port: 0, requests: 0 };
  canary.port = await listen(
    context,
    createServer((_request, response) => {
      canary.requests++;
      response.end();
    }),
  );
  return canary;
}

/** Listens on loopback until the test ends; returns the port. */
export async function listen(context: TestContext, server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

async function answer(image: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = request.url ?? '';
  if (url.startsWith('/token')) {
    response.end(JSON.stringify({ token: 'anonymous-token' }));
    return;
  }
  if (request.headers.authorization !== 'Bearer anonymous-token') {
    const realm = `http://${request.headers.host}/token`;
    response.writeHead(401, { 'www-authenticate': `Bearer realm="${realm}",service="foreign"` }).end();
    return;
  }
  const hex = /\/blobs\/sha256:([0-9a-f]{64})$/.exec(url)?.[1];
  response.end(await readFile(join(image, hex ?? 'manifest.json')));
}
