import type { FileHandle } from 'node:fs/promises';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';
import { PullBlocks } from './pull-blocks.ts';
import { sendError } from './registry-answer.ts';

/** Where the bytes of layers are. */
export interface BlobFiles {
  /** The file of a layer of a repository, `namespace/name`; undefined if the repository does not have it. */
  openBlob(repository: string, digest: string): Promise<FileHandle | undefined>;
}

const pulls = new PullBlocks();

/** What a request is answered with: the status, and which bytes of the layer. */
interface Part {
  status: 200 | 206 | 304 | 416;
  position: number;
  length: number;
}

/**
 * Sends a layer from its file, which it closes: whole, one range of it, or its headers alone. The headers are those
 * that distribution gives it.
 */
export async function sendBlob(reply: FastifyReply, file: FileHandle, digest: string): Promise<FastifyReply> {
  const { raw, request } = reply;
  try {
    const { size } = await file.stat();
    const etag = `"${digest}"`;
    const { status, position, length } = partOf(request.headers, size, etag);
    if (status === 416) {
      reply.header('content-range', `bytes */${size}`);
      return sendError(reply, 416, 'RANGE_INVALID', 'the range begins after the end of the blob');
    }
    reply.hijack();
    // What was set so far: the id of the request that decided.
    for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) raw.setHeader(name, value);
    raw.writeHead(status, {
      ...(status === 304 ? {} : { 'content-length': length, 'content-type': 'application/octet-stream' }),
      ...(status === 206 ? { 'content-range': `bytes ${position}-${position + length - 1}/${size}` } : {}),
      ...(status === 304 ? {} : { 'accept-ranges': 'bytes' }),
      'docker-content-digest': digest,
      'docker-distribution-api-version': 'registry/2.0',
      etag,
      'cache-control': 'max-age=31536000',
      'x-content-type-options': 'nosniff',
    });
    if (request.method !== 'HEAD' && status !== 304) await copy(file, position, length, raw);
    raw.end();
  } catch (error) {
    reply.log.error({ err: error }, 'a layer could not be read to its end');
    raw.destroy();
  } finally {
    await file.close();
  }
  return reply;
}

/**
 * A range that is not understood, and several at once, are answered with the whole layer:
 * https://www.rfc-editor.org/rfc/rfc9110#section-14.2
 */
function partOf(headers: IncomingHttpHeaders, size: number, etag: string): Part {
  const whole = { status: 200, position: 0, length: size } as const;
  if (headers['if-none-match'] === etag) return { ...whole, status: 304 };
  const { range, 'if-range': unchanged = etag } = headers;
  if (range === undefined || unchanged !== etag) return whole;
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(range) ?? [];
  if (from === '' && to === '') return whole;
  const isSuffix = from === '';
  const first = isSuffix ? Math.max(0, size - Number(to)) : Number(from);
  const last = isSuffix || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (first > last) return { ...whole, status: 416 };
  return { status: 206, position: first, length: last - first + 1 };
}

/**
 * Writes a part of a file to a response, and allocates nothing for its bytes beside two blocks. Ends early if the client
 * leaves. Throws if the file is shorter than it was.
 */
async function copy(file: FileHandle, start: number, length: number, raw: ServerResponse): Promise<void> {
  using blocks = pulls.take(length);
  let taken: Promise<boolean> = Promise.resolve(true);
  const end = start + length;
  for (let position = start, turn = 0; position < end; turn += 1) {
    const block = blocks.pair[turn % 2] as Buffer;
    const { bytesRead } = await file.read(block, 0, Math.min(block.length, end - position), position);
    if (bytesRead === 0) throw new Error(`the file ends after ${position} of ${end} bytes`);
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
