/**
 * A call that the server refused: the code, HTTP status, message, and the request id, which is also in the server's
 * log.
 */
export class ApiCallError extends Error {
  override readonly name = 'ApiCallError';
  readonly code: string;
  readonly status: number;
  readonly requestId: string;
  /** The server's advice; may be empty. */
  readonly recommend: string;
  /** For a denial, the RAM action that no policy allows, if the server names it. */
  readonly deniedAction: string | undefined;
  /** For a denial, the resource on which no policy allows it, as a policy has it: `*` for what the call did not name. */
  readonly deniedResource: string | undefined;

  constructor(fields: ErrorFields) {
    super(fields.message);
    this.code = fields.code;
    this.status = fields.status;
    this.requestId = fields.requestId;
    this.recommend = fields.recommend ?? '';
    this.deniedAction = fields.deniedAction;
    this.deniedResource = fields.deniedResource?.replace(UNNAMED, '*');
  }
}

/** What the server puts where the call gave no name, such as `{RepoName}`. */
const UNNAMED = /\{\w+\}/g;

interface ErrorFields {
  code: string;
  status: number;
  message: string;
  requestId: string;
  recommend?: string;
  deniedAction?: string | undefined;
  deniedResource?: string | undefined;
}

/** Reads an error body; a body in another shape (such as a proxy's page) becomes code `UnreadableReply`. */
export function readApiError(status: number, body: string): ApiCallError {
  try {
    const { Code, Message, RequestId, Recommend, AccessDeniedDetail } = JSON.parse(body) ?? {};
    if (typeof Code === 'string') {
      return new ApiCallError({
        code: Code,
        status,
        message: String(Message ?? ''),
        requestId: String(RequestId ?? ''),
        recommend: String(Recommend ?? ''),
        deniedAction: textOf(AccessDeniedDetail?.AuthAction),
        deniedResource: textOf(AccessDeniedDetail?.AuthResource),
      });
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  const message = `the server answered ${status} with a body that is not a reply of the API: ${body.slice(0, 200)}`;
  return new ApiCallError({ code: 'UnreadableReply', status, message, requestId: '' });
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
