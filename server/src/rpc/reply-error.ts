import { isDiskFull } from '#db/disk-full.ts';
import { ApiError } from './api-error.ts';

/**
 * What a failed call is answered with. A refusal is answered as it is; a full disk is the operator's to fix, and said;
 * any other fault is SystemError, which tells nothing of the inside, and `fault` is for the server's log.
 */
export function replyError(error: unknown): { answer: ApiError; fault?: unknown } {
  if (error instanceof ApiError) return { answer: error };
  if (isDiskFull(error)) {
    const message = 'The request has failed due to a temporary failure of the server: its disk is full.';
    return { answer: new ApiError('ServiceUnavailable', 503, message), fault: error };
  }
  return { answer: new ApiError('SystemError', 500, 'Unknown error.'), fault: error };
}
