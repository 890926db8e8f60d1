/**
 * The refusal of a call: the code (part of the API, never changed), the HTTP status, and a sentence that names the parameter or
 * object. Nouns throw it; only the gateway turns it into a reply.
 */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: string;
  readonly status: number;
  /** For a denial: what was requested and what denied it, without the policies' texts. */
  readonly accessDenied: AccessDeniedDetail | undefined;
  /** How to fix it, if this refusal can say more than the code's own fix. */
  readonly recommend: string | undefined;
  /** For a throttled call: how long to wait, in milliseconds. */
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

/** What the vendor's replies say about a denial; its clients expect an object of strings. `AuthResource` is our addition. */
export interface AccessDeniedDetail {
  readonly AuthAction: string;
  readonly AuthResource: string;
  readonly AuthPrincipalType: 'SubUser' | 'AssumedRoleUser';
  readonly AuthPrincipalOwnerId: string;
  readonly AuthPrincipalDisplayName: string;
  readonly NoPermissionType: 'ImplicitDeny' | 'ExplicitDeny';
  readonly PolicyType: string;
}

/** The refusal of a value: names the parameter and what is wrong with it. Some operations have their own code. */
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
