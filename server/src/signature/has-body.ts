import type { IncomingMessage } from 'node:http';

/** Whether a request has a body, by RFC 9112, 6.3. */
export function hasBody({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}
