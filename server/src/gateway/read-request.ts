import type { IncomingMessage } from 'node:http';
import { ApiError, invalidParameter } from '#rpc/errors/api-error.ts';
import type { Headers } from '#signature/headers.ts';
import { PARAMETER_LIMIT, type Parameter, parseUrlEncoded, queryOf } from '#signature/url-encoded.ts';

/** One HTTP request, parsed once: what is verified is what is executed. */
export interface RpcRequest {
  readonly method: 'GET' | 'POST';
  /** Lower-case names; every value that came, in order. */
  readonly headers: Headers;
  readonly query: readonly Parameter[];
  /** Query and form body together; no name appears twice. */
  readonly parameters: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

const NO_BODY = Buffer.alloc(0);
const BODY_LIMIT_BYTES = 1024 * 1024;
const DRAIN_LIMIT_BYTES = 8 * 1024 * 1024;

const commonNames = new Map(
  ['Action', 'Version', 'Format', 'AccessKeyId', 'Signature', 'SignatureMethod', 'SignatureVersion', 'SignatureNonce']
    .concat(['SignatureType', 'Timestamp', 'SecurityToken', 'BearerToken'])
    .map((name) => [name.toLowerCase(), name]),
);

// The vendor's own sample of common parameters writes TimeStamp where its clients send Timestamp.
const exactNames = new Set([...commonNames.values(), 'TimeStamp']);

/**
 * Reads method, query and body; `admitBody` throws if there is no room for a body of this size. Throws `ApiError` for anything
 * that could be understood in two ways.
 */
export async function readRequest(
  message: IncomingMessage,
  headers: Headers,
  admitBody: (limitBytes: number) => void,
): Promise<RpcRequest> {
  const { method } = message;
  if (method !== 'GET' && method !== 'POST') {
    throw new ApiError('UnsupportedHTTPMethod', 403, 'This http method is not supported.');
  }
  // The path is signed as `/`; nothing else may pass for it.
  if ((message.url ?? '').split('?', 1)[0] !== '/') {
    const reason = 'Specified api is not found, please check your url and method.';
    throw new ApiError('InvalidAction.NotFound', 404, reason);
  }
  // The body may say who is calling, so it is read before the caller is checked.
  if (hasBody(headers)) admitBody(BODY_LIMIT_BYTES);
  const body = hasBody(headers) ? await readBody(message) : NO_BODY;
  const query = parseUrlEncoded(queryOf(message.url ?? '/'));
  const form = body.length === 0 ? [] : readForm(headers, body);
  if (query.length + form.length > PARAMETER_LIMIT) {
    throw invalidParameter('…', `more than ${PARAMETER_LIMIT} parameters were sent.`);
  }
  return { method, headers, query, parameters: uniqueParameters([...query, ...form]), body };
}

/** By RFC 9112, 6.3: without either of these headers a request has no body, and reading none is cheaper than waiting for its end. */
function hasBody(headers: Headers): boolean {
  const length = headers.get('content-length');
  return headers.has('transfer-encoding') || (length?.some((value) => value !== '0') ?? false);
}

function readForm(headers: Headers, body: Buffer): Parameter[] {
  const contentType = headers.get('content-type')?.[0] ?? '';
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(contentType)) {
    throw invalidParameter('Content-Type', 'a body must be application/x-www-form-urlencoded.');
  }
  return parseUrlEncoded(body.toString('latin1'));
}

/** Duplicates, and a common parameter in another case, would let verifier and operation read different values. */
function uniqueParameters(list: readonly Parameter[]): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const [sent, value] of list) {
    const common = exactNames.has(sent) ? sent : commonNames.get(sent.toLowerCase());
    if (common !== undefined && common !== sent) {
      throw invalidParameter(sent, `it is written "${common}"; names are case-sensitive.`);
    }
    if (parameters.has(sent)) throw invalidParameter(sent, 'it was sent more than once.');
    parameters.set(sent, value);
  }
  if (parameters.has('Timestamp') && parameters.has('TimeStamp')) {
    throw invalidParameter('Timestamp', 'it was sent more than once.');
  }
  return parameters;
}

/**
 * The body, up to 1 MiB. A larger one is read on for a while and dropped, so that the client sees the refusal
 * instead of a broken connection.
 */
async function readBody(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  // Leaving the loop must not close the connection: the refusal still goes out on it.
  const chunksRead = message.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  for await (const chunk of chunksRead) {
    sizeBytes += chunk.length;
    if (sizeBytes <= BODY_LIMIT_BYTES) chunks.push(chunk);
    if (sizeBytes > DRAIN_LIMIT_BYTES) break;
  }
  if (sizeBytes > BODY_LIMIT_BYTES) throw invalidParameter('body', `it is larger than ${BODY_LIMIT_BYTES} bytes.`);
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
}
