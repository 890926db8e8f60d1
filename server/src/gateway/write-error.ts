import type { ServerResponse } from 'node:http';
import type { ApiError } from '#rpc/errors/api-error.ts';
import type { ErrorCode } from '#rpc/errors/error-code.ts';
import { ERROR_CODES } from '#rpc/errors/error-codes.ts';
import { type ReplyManner, writeBody } from './write-reply.ts';
import { xmlBody } from './xml-body.ts';

/**
 * Writes a refusal in the vendor's error shape. HostId is the host that was asked, Recommend what helps (the vendor
 * links to its own pages there). Old clients want these five, each a string, and AccessDeniedDetail an object.
 */
export function writeError(
  response: ServerResponse,
  error: ApiError,
  manner: ReplyManner & { readonly hostId: string },
): void {
  const { requestId, format, hostId } = manner;
  const known: Record<string, ErrorCode> = ERROR_CODES;
  const fields: [string, unknown][] = [
    ['RequestId', requestId],
    ['HostId', hostId],
    ['Code', error.code],
    ['Message', error.message],
    ['Recommend', error.recommend ?? known[error.code]?.fix ?? ''],
  ];
  if (error.accessDenied) fields.push(['AccessDeniedDetail', error.accessDenied]);
  if (error.retryAfterMs !== undefined) response.setHeader('x-acs-retry-after', String(error.retryAfterMs));
  if (error.status === 503) response.setHeader('retry-after', '1');
  const text = format === 'json' ? JSON.stringify(Object.fromEntries(fields)) : xmlBody('Error', fields);
  writeBody(response, error.status, manner, text);
}
