import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { TestContext } from 'node:test';
import { digestOf } from '../contents/push-manifest.ts';
import { listen, type Trick } from './foreign-registry.ts';

const OCI = 'application/vnd.oci.image.';
const json = (value: unknown) => Buffer.from(JSON.stringify(value));
const describe = (mediaType: string, bytes: Buffer) => ({ mediaType, digest: digestOf(bytes), size: bytes.length });

/** What a lying registry has under every name. */
export const TRUE_LAYER = Buffer.alloc(70_000, 'layer');
export const TRUE_CONFIG = json({ os: 'linux', architecture: 'amd64' });
export const TRUE_IMAGE = json({
  schemaVersion: 2,
  mediaType: `${OCI}manifest.v1+json`,
  config: describe(`${OCI}config.v1+json`, TRUE_CONFIG),
  layers: [describe(`${OCI}layer.v1.tar`, TRUE_LAYER)],
});

/** A registry that anyone may read, with one image and its tag v1. It tells one lie; returns its port. */
export function startLyingRegistry(context: TestContext, lie: Trick = () => false): Promise<number> {
  return listen(
    context,
    createServer((request, response) => {
      if (!lie(request, response)) tellTruth(request, response);
    }),
  );
}

function tellTruth({ url = '' }: IncomingMessage, response: ServerResponse): void {
  const place = decodeURIComponent(url.split('?')[0] ?? '');
  const blob = [TRUE_LAYER, TRUE_CONFIG].find((each) => place.endsWith(`/blobs/${digestOf(each)}`));
  if (place === '/v2/') response.end('{}');
  else if (place.endsWith('/tags/list')) response.end(JSON.stringify({ name: 'up/app', tags: ['v1'] }));
  else if (place.includes('/manifests/')) response.setHeader('content-type', `${OCI}manifest.v1+json`).end(TRUE_IMAGE);
  else if (blob === undefined) response.writeHead(404).end();
  else response.end(blob);
}

/** Answers requests whose path has a part. */
export function lieAt(part: string, act: (response: ServerResponse, request: IncomingMessage) => unknown): Trick {
  return (request, response) => {
    if (!request.url?.includes(part)) return false;
    act(response, request);
    return true;
  };
}

/** Sends the same bytes until the reader leaves. */
export function endless(response: ServerResponse, bytes = TRUE_LAYER): void {
  const more = () => {
    while (!response.destroyed && response.write(bytes));
  };
  response.on('drain', more);
  more();
}

/** Sends its reader elsewhere. */
export function redirect(response: ServerResponse, location: string): void {
  response.writeHead(307, { location }).end();
}
