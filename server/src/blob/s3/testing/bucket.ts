import { hash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A bucket in memory, with what a real store cannot be made to have quickly: thousands of interrupted uploads, and waits. */
export interface BucketUnderTest {
  endpoint: string;
  objects: Map<string, Buffer>;
  /** Interrupted uploads, each by its id. */
  uploads: Map<string, string>;
  /** Called with the key of each put before it is answered. */
  onPut: (key: string) => Promise<void>;
  /** What it calls the bytes of objects. */
  etagOf: (bytes: Buffer) => string;
}

const UPLOADS_OF_A_PAGE = 1000;

export async function startBucket(scope: { after(act: () => unknown): void }): Promise<BucketUnderTest> {
  const bucket: BucketUnderTest = {
    endpoint: '',
    objects: new Map(),
    uploads: new Map(),
    onPut: async () => undefined,
    etagOf: (bytes) => hash('md5', bytes),
  };
  const server = createServer((request, response) => {
    answer(bucket, request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  scope.after(() => {
    server.close();
    server.closeAllConnections();
  });
  bucket.endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return bucket;
}

async function answer(bucket: BucketUnderTest, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { objects, uploads } = bucket;
  const url = new URL(request.url ?? '', 'http://bucket');
  const key = decodeURIComponent(url.pathname).replace(/^\/[^/]*\/?/, '');
  const asked = url.searchParams;
  const body = await buffer(request);
  const upload = asked.get('uploadId');
  const xml = (text: string) => response.setHeader('content-type', 'application/xml').end(`<Answer>${text}</Answer>`);
  if (key === '' && asked.has('uploads')) {
    const all = [...uploads].filter(([, each]) => each.startsWith(asked.get('prefix') ?? ''));
    const from = all.findIndex(([id]) => id === asked.get('upload-id-marker')) + 1;
    const page = all.slice(from, from + UPLOADS_OF_A_PAGE);
    const [lastId, lastKey] = page.at(-1) ?? ['', ''];
    const more = from + page.length < all.length;
    xml(
      `${page.map(([id, each]) => `<Upload><Key>${each}</Key><UploadId>${id}</UploadId></Upload>`).join('')}<IsTruncated>${more}</IsTruncated>${more ? `<NextKeyMarker>${lastKey}</NextKeyMarker><NextUploadIdMarker>${lastId}</NextUploadIdMarker>` : ''}`,
    );
  } else if (key === '') {
    const found = [...objects].filter(([each]) => each.startsWith(asked.get('prefix') ?? ''));
    xml(
      found
        .map(([each, bytes]) => {
          const etag = `<ETag>&quot;${bucket.etagOf(bytes)}&quot;</ETag>`;
          return `<Contents><Key>${each}</Key><Size>${bytes.length}</Size>${etag}</Contents>`;
        })
        .join(''),
    );
  } else if (request.method === 'POST') {
    if (upload === null) uploads.set(`upload-${uploads.size}`, key);
    xml(`<UploadId>upload-${uploads.size - 1}</UploadId>`);
  } else if (request.method === 'DELETE') {
    if (upload === null) objects.delete(key);
    else uploads.delete(upload);
    response.writeHead(204).end();
  } else if (request.method === 'PUT') {
    await bucket.onPut(key);
    if (upload === null) objects.set(key, body);
    response.setHeader('etag', `"${bucket.etagOf(body)}"`).end();
  } else {
    const object = objects.get(key);
    if (object === undefined) response.writeHead(404).end();
    else
      response
        .setHeader('content-length', object.length)
        .setHeader('etag', `"${bucket.etagOf(object)}"`)
        .end(request.method === 'HEAD' ? undefined : object);
  }
}
