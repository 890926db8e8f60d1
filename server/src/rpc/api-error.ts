/**
 * What a call is answered with when it is refused: the code (API, never reworded), the HTTP status, and a sentence
 * that names the parameter or object. Nouns throw it; only the gateway turns it into a reply.
 */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: string;
  readonly status: number;

  constructor(code: string, status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.status = status;
  }
}

/** The refusal of a value: names the parameter and says what is wrong with it. */
export function invalidParameter(name: string, reason: string): ApiError {
  return new ApiError('InvalidParameter', 400, `The specified parameter "${name}" is not valid: ${reason}`);
}

/** The refusal of a request that lacks a required parameter. */
export function missingParameter(name: string): ApiError {
  return new ApiError(
    'MissingParameter',
    400,
    `The input parameter "${name}" that is mandatory for processing this request is not supplied.`,
  );
}
