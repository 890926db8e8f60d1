import { damageOf } from '@slipway/logbook';
import type { FastifyReply } from 'fastify';
import { buildLogDamaged } from '#build/errors.ts';
import { type CallEnd, endedCalls } from '#rpc/call-channel.ts';
import { ApiError } from '#rpc/errors/api-error.ts';
import type { ErrorCode } from '#rpc/errors/error-code.ts';
import { ERROR_CODES } from '#rpc/errors/error-codes.ts';
import { replyError } from '#rpc/errors/reply-error.ts';
import { noteOf } from './request-note.ts';

const TABLE: Record<string, ErrorCode> = ERROR_CODES;

/**
 * Writes a refusal of the native API: the vendor's field names, as JSON. An internal fault reveals nothing, except
 * where a log is damaged on disk.
 */
export function sendApiError(reply: FastifyReply, error: unknown, requestId: string): FastifyReply {
  const damage = damageOf(error);
  const { answer, fault } =
    damage === undefined
      ? replyError(ownRefusal(error) ?? error)
      : { answer: buildLogDamaged(damage.message), fault: error };
  if (fault !== undefined) reply.log.error({ err: fault, requestId }, 'a call of the native API failed');
  const { code, message, accessDenied, retryAfterMs } = answer;
  // The vendor answers 400 when a caller makes too many calls; this API answers HTTP's own status.
  const status = retryAfterMs === undefined ? answer.status : 429;
  if (retryAfterMs !== undefined) reply.header('x-acs-retry-after', String(retryAfterMs));
  noteOf(reply.request).refusal = code;
  endedCalls.publish({ api: 'native', response: reply.raw, requestId, action: undefined, code } satisfies CallEnd);
  const detail = accessDenied ? { AccessDeniedDetail: accessDenied } : {};
  const retryAfterSeconds = Math.max(1, Math.ceil((retryAfterMs ?? 0) / 1000));
  if (status === 429 || status === 503) reply.header('retry-after', String(retryAfterSeconds));
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  const fix = answer.recommend ?? TABLE[code]?.fix;
  const recommend = fix === undefined ? {} : { Recommend: fix };
  return reply.code(status).send({ RequestId: requestId, Code: code, Message: message, ...recommend, ...detail });
}

/** Fastify refuses some requests itself, with a status and a message of its own. */
function ownRefusal(error: unknown): ApiError | undefined {
  if (error instanceof ApiError) return undefined;
  const { statusCode, message } = error as { statusCode?: number; message?: string };
  if (statusCode === undefined || statusCode >= 500) return undefined;
  return new ApiError('InvalidParameter', statusCode, message ?? 'The request is not valid.');
}
