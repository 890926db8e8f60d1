import type { FileHandle } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PullBlocks } from './pull-blocks.ts';

/** Where the bytes of layers are. */
export interface BlobFiles {
  /** The file of a layer of a repository, `namespace/name`; undefined if the repository does not have it. */
  openBlob(repository: string, digest: string): Promise<FileHandle | undefined>;
}

const pulls = new PullBlocks();

/** Whether a request asks for a whole layer. Parts of layers are left to distribution. */
export function isWholePull({ method, headers }: FastifyRequest): boolean {
  return method === 'GET' && headers.range === undefined && headers['if-none-match'] === undefined;
}

/** Sends a layer from its file, which it closes, with the headers that distribution gives it. */
export async function sendBlob(reply: FastifyReply, file: FileHandle, digest: string): Promise<FastifyReply> {
  reply.hijack();
  const { raw } = reply;
  try {
    const { size } = await file.stat();
    // What was set so far: the id of the request that decided.
    for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) raw.setHeader(name, value);
    raw.writeHead(200, {
      'content-length': size,
      'content-type': 'application/octet-stream',
      'docker-content-digest': digest,
      'docker-distribution-api-version': 'registry/2.0',
      etag: `"${digest}"`,
      'cache-control': 'max-age=31536000',
      'accept-ranges': 'bytes',
      'x-content-type-options': 'nosniff',
    });
    await copy(file, size, raw);
    raw.end();
  } catch (error) {
    reply.log.error({ err: error }, 'a layer could not be read to its end');
    raw.destroy();
  } finally {
    await file.close();
  }
  return reply;
}

/** Writes a file to a response, and allocates nothing for its bytes beside two blocks. Ends early if the client leaves. Throws if the file is shorter than it was. */
async function copy(file: FileHandle, size: number, raw: ServerResponse): Promise<void> {
  using blocks = pulls.take(size);
  let taken: Promise<boolean> = Promise.resolve(true);
  for (let position = 0, turn = 0; position < size; turn += 1) {
    const block = blocks.pair[turn % 2] as Buffer;
    const { bytesRead } = await file.read(block, 0, block.length, position);
    if (bytesRead === 0) throw new Error(`the file ends after ${position} of ${size} bytes`);
    // The other block is free again once the client's socket took it.
    if (!(await taken)) return;
    taken = write(raw, block.subarray(0, bytesRead));
    position += bytesRead;
  }
  await taken;
}

/** False if the client is gone. */
function write(raw: ServerResponse, bytes: Buffer): Promise<boolean> {
  return new Promise((resolve) => {
    if (raw.destroyed) return resolve(false);
    const left = () => resolve(false);
    raw.once('close', left);
    raw.write(bytes, (error) => {
      raw.removeListener('close', left);
      resolve(!error);
    });
  });
}
