import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { ERROR_CODES } from '#rpc/errors/error-codes.ts';
import { CONTENT_TYPES } from './reply-format.ts';
import { xmlBody } from './xml-body.ts';

/**
 * Answers what is no HTTP request, for a server's `clientError`: in the vendor's error shape, in XML, since nothing of
 * it could be read. The connection ends, as nobody knows where the next request would begin.
 */
export function answerMalformed(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, message] = REFUSALS[error.code ?? ''] ?? [400, 'it is no well-formed HTTP request.'];
  const requestId = randomUUID().toUpperCase();
  const body = xmlBody('Error', [
    ['RequestId', requestId],
    ['HostId', ''],
    ['Code', 'InvalidParameter'],
    ['Message', `The specified parameter "request" is not valid: ${message}`],
    ['Recommend', ERROR_CODES.InvalidParameter.fix],
  ]);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `Content-Type: ${CONTENT_TYPES.xml}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    `x-acs-request-id: ${requestId}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

/** By the code of Node's parser. */
const REFUSALS: Record<string, [status: number, message: string]> = {
  HPE_HEADER_OVERFLOW: [431, 'its first line and headers are too long; send parameters in the body of a POST.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'it did not arrive in time.'],
};
