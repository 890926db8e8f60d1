import { ApiError } from '#rpc/errors/api-error.ts';

/** The refusal of a signature that cannot be read or does not cover what it must. `reason` ends the sentence. */
export function incompleteSignature(reason: string): ApiError {
  const message = `The request signature does not conform to the standard: ${reason}`;
  return new ApiError('IncompleteSignature', 400, message);
}
