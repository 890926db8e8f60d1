import { createServer, request as httpRequest } from 'node:http';
import type { TestContext } from 'node:test';
import { listen } from '#registry/testing/foreign-registry.ts';

/** A proxy of a registry that breaks or holds the uploads of large layers. */
export async function startProxy(context: TestContext, target: string) {
  const held = Promise.withResolvers<void>();
  const proxy = {
    url: '',
    breaksUploads: 0,
    holdsUploads: false,
    uploads: [] as string[],
    held: held.promise,
    release: (): void => undefined,
  };
  const server = createServer((request, response) => {
    const isUpload = request.method === 'PUT' && (request.url?.includes('/blobs/uploads/') ?? false);
    if (isUpload) proxy.uploads.push(request.url ?? '');
    const isLarge = isUpload && Number(request.headers['content-length']) > 2 ** 20;
    const pass = () => {
      const { method, headers } = request;
      const sent = httpRequest(new URL(request.url ?? '/', target), { method, headers });
      sent.on('response', (answer) => answer.pipe(response.writeHead(answer.statusCode ?? 500, answer.headers)));
      sent.on('error', () => response.destroy());
      request.pipe(sent);
    };
    if (isLarge && proxy.holdsUploads) {
      proxy.release = pass;
      held.resolve();
      return;
    }
    if (isLarge && proxy.breaksUploads > 0) {
      request.once('data', () => {
        proxy.breaksUploads -= 1;
        request.destroy();
      });
      return;
    }
    pass();
  });
  proxy.url = `http://127.0.0.1:${await listen(context, server)}`;
  return proxy;
}
