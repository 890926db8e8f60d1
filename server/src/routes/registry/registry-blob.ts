import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyReply } from 'fastify';
import type { StoredLayer } from '#registry/distribution/image-storage.ts';
import { sendError } from './registry-answer.ts';

/** What a request is answered with: the status, and which bytes of the layer. */
interface Part {
  status: 200 | 206 | 304 | 416;
  position: number;
  length: number;
}

/**
 * Sends a layer, which it closes: whole, one range of it, or its headers alone. The headers are those that distribution
 * gives it. Throws if its bytes cannot be had now.
 */
export async function sendBlob(reply: FastifyReply, layer: StoredLayer, digest: string): Promise<FastifyReply> {
  const { raw, request } = reply;
  try {
    const { sizeBytes: size } = layer;
    const etag = `"${digest}"`;
    const { status, position, length } = partOf(request.headers, size, etag);
    if (status === 416) {
      reply.header('content-range', `bytes */${size}`);
      return sendError(reply, 416, 'RANGE_INVALID', 'the range begins after the end of the blob');
    }
    const hasBody = request.method !== 'HEAD' && status !== 304 && length > 0;
    const send = hasBody ? await layer.begin(position, length) : undefined;
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
    await send?.(raw);
    raw.end();
  } catch (error) {
    if (!reply.sent) throw error;
    reply.log.error({ err: error }, 'a layer could not be read to its end');
    raw.destroy();
  } finally {
    await layer.close();
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
