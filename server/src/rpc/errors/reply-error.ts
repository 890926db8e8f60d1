import { isUnreachable } from '@slipway/logbook';
import { isStoreUnreachable } from '#blob/blob.ts';
import { isDatabaseUnavailable } from '#db/database-unavailable.ts';
import { isDiskFull } from '#db/sqlite/disk-full.ts';
import { ApiError } from './api-error.ts';

/**
 * The answer to a failed call. A refusal is returned as it is. A full disk is named, because the operator can fix it, and a database
 * that cannot answer now, because the same call may succeed later. Any other fault is SystemError, which reveals nothing internal;
 * `fault` is for the server's log.
 */
export function replyError(error: unknown): { answer: ApiError; fault?: unknown } {
  if (error instanceof ApiError) return { answer: error };
  if (isDiskFull(error)) {
    const message = 'The request has failed due to a temporary failure of the server: its disk is full.';
    return { answer: new ApiError('ServiceUnavailable', 503, message), fault: error };
  }
  if (isDatabaseUnavailable(error)) {
    const message = 'The request has failed due to a temporary failure of the server: its database cannot answer now.';
    return { answer: new ApiError('ServiceUnavailable', 503, message), fault: error };
  }
  if (isUnreachable(error)) {
    const message =
      'The request has failed due to a temporary failure of the server: its store of logs cannot answer now.';
    return { answer: new ApiError('ServiceUnavailable', 503, message), fault: error };
  }
  if (isStoreUnreachable(error)) {
    const message =
      'The request has failed due to a temporary failure of the server: its store of images and files cannot answer now.';
    return { answer: new ApiError('ServiceUnavailable', 503, message), fault: error };
  }
  return { answer: new ApiError('SystemError', 500, 'Unknown error.'), fault: error };
}
