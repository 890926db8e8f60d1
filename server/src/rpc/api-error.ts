/**
 * What a call is answered with when it is refused: the code (API, never reworded), the HTTP status, and a sentence
 * that names the parameter or object. Nouns throw it; only the gateway turns it into a reply.
 */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: string;
  readonly status: number;
  /** Of a denial: what was asked and what said no, without the policies' texts. */
  readonly accessDenied: AccessDeniedDetail | undefined;
  /** What would help, where this refusal knows more than what is said of its code. */
  readonly recommend: string | undefined;
  /** Of a throttled call: when to come again, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(code: string, status: number, message: string, options: ApiErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.status = status;
    this.accessDenied = options.accessDenied;
    this.recommend = options.recommend;
    this.retryAfterMs = options.retryAfterMs;
  }
}

interface ApiErrorOptions extends ErrorOptions {
  accessDenied?: AccessDeniedDetail;
  recommend?: string;
  retryAfterMs?: number;
}

/** What the vendor's replies tell of a denial; its clients want an object of texts. `AuthResource` is ours. */
export interface AccessDeniedDetail {
  readonly AuthAction: string;
  readonly AuthResource: string;
  readonly AuthPrincipalType: 'SubUser' | 'AssumedRoleUser';
  readonly AuthPrincipalOwnerId: string;
  readonly AuthPrincipalDisplayName: string;
  readonly NoPermissionType: 'ImplicitDeny' | 'ExplicitDeny';
  readonly PolicyType: string;
}

/** The refusal of a value: names the parameter and says what is wrong with it; some operations have codes of their own for theirs. */
export function invalidParameter(name: string, reason: string, code = 'InvalidParameter'): ApiError {
  return new ApiError(code, 400, `The specified parameter "${name}" is not valid: ${reason}`);
}

/** The refusal of a request that lacks a required parameter. */
export function missingParameter(name: string, code = 'MissingParameter'): ApiError {
  return new ApiError(
    code,
    400,
    `The input parameter "${name}" that is mandatory for processing this request is not supplied.`,
  );
}
