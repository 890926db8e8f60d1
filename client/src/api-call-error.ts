/** A call that the server refused: its code, HTTP status, sentence, and the id under which its log knows the call. */
export class ApiCallError extends Error {
  override readonly name = 'ApiCallError';
  readonly code: string;
  readonly status: number;
  readonly requestId: string;
  /** What the server says would help; may be empty. */
  readonly recommend: string;

  constructor(fields: { code: string; status: number; message: string; requestId: string; recommend?: string }) {
    super(fields.message);
    this.code = fields.code;
    this.status = fields.status;
    this.requestId = fields.requestId;
    this.recommend = fields.recommend ?? '';
  }
}

/** Reads a refusal; a body in another shape (a proxy's page, say) becomes code `UnreadableReply`. */
export function readApiError(status: number, body: string): ApiCallError {
  try {
    const { Code, Message, RequestId, Recommend } = JSON.parse(body) ?? {};
    if (typeof Code === 'string') {
      return new ApiCallError({
        code: Code,
        status,
        message: String(Message ?? ''),
        requestId: String(RequestId ?? ''),
        recommend: String(Recommend ?? ''),
      });
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  const message = `the server answered ${status} with something that is no reply of the API: ${body.slice(0, 200)}`;
  return new ApiCallError({ code: 'UnreadableReply', status, message, requestId: '' });
}
