import { readApiError } from './api-call-error.ts';
import { flattenParams } from './flatten.ts';
import { encodeRfc3986 } from './rfc3986.ts';
import { type Acs3Signature, type Credentials, sha256Hex, signAcs3 } from './sign-acs3.ts';
import { type Action, type Operations, otherVersions } from './spec.gen.ts';

/** The server and the caller. */
export interface ClientOptions extends Credentials {
  /** `http://host:port`, without a path. */
  readonly endpoint: string;
  /** Called before each request; if it throws, the request is not sent. */
  readonly beforeSend?: () => void;
  /** Sends the requests, if not the global `fetch`. */
  readonly fetch?: typeof fetch;
}

/** The parameters of an operation, and its whole reply. */
export type CallParams<A extends Action> = Operations[A]['params'];
export type CallReply<A extends Action> = Operations[A]['reply'];

/** A request to the native API, or any other path of the server. */
export interface FetchInit {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The client hashes bytes and text; a stream needs `contentSha256`. */
  readonly body?: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | undefined;
  /** Lowercase hex SHA-256 of a streamed body. */
  readonly contentSha256?: string;
  readonly signal?: AbortSignal;
}

/** Calls the server; every request is signed in ACS3 form with its own nonce. */
export interface Client {
  /**
   * Calls an operation. Throws `ApiCallError` if the server refuses, `TypeError` (from fetch) if it cannot be reached.
   */
  call<A extends Action>(action: A, params: CallParams<A>, options?: { signal?: AbortSignal }): Promise<CallReply<A>>;
  /**
   * Calls an operation by name with untyped parameters, for a command line. `ram.TagResources` is the one of product
   * ram.
   */
  callAny(
    action: string,
    params: Readonly<Record<string, unknown>>,
    options?: { signal?: AbortSignal },
  ): Promise<Record<string, unknown>>;
  /** What `callAny` would send, and the steps of its signature. */
  explain(action: string, params: Readonly<Record<string, unknown>>): Promise<Acs3Signature & { url: string }>;
  /**
   * Sends a signed request to a path such as `/api/v1/…` (with its query, percent-encoded). Returns answers of any
   * status.
   */
  fetch(pathAndQuery: string, init?: FetchInit): Promise<Response>;
}

/** The version of product cr; `otherVersions` has those of other products' operations by name. */
const CR_VERSION = '2018-12-01';

/** The action as requests name it, without the product prefix that it has here if several products share the name. */
export function wireAction(action: string): string {
  return action.slice(action.indexOf('.') + 1);
}

/** A client of one server. Runs in Node and in browsers. */
export function createClient(options: ClientOptions): Client {
  const sign = (action: string, params: Readonly<Record<string, unknown>>) => signCall(options, action, params);
  const callAny: Client['callAny'] = async (action, params, { signal } = {}) => {
    const { url, headers } = await sign(action, params);
    options.beforeSend?.();
    const response = await (options.fetch ?? fetch)(url, {
      method: 'POST',
      headers,
      redirect: 'error',
      ...(signal ? { signal } : {}),
    });
    const text = await response.text();
    const reply = response.ok ? parsedObject(text) : undefined;
    if (reply === undefined) throw readApiError(response.status, text);
    return reply;
  };
  return {
    call: async <A extends Action>(action: A, params: CallParams<A>, init?: { signal?: AbortSignal }) =>
      (await callAny(action, params, init)) as CallReply<A>,
    callAny,
    explain: sign,
    fetch: (pathAndQuery, init) => fetchSigned(options, pathAndQuery, init),
  };
}

/** The reply, or undefined if the body is something else, such as a proxy's page. */
function parsedObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    // JSON.parse throws only SyntaxError.
    return undefined;
  }
}

async function signCall(
  options: ClientOptions,
  action: string,
  params: Readonly<Record<string, unknown>>,
): Promise<Acs3Signature & { url: string }> {
  const query = [...flattenParams(action, params)]
    .map(([name, value]) => `${encodeRfc3986(name)}=${encodeRfc3986(value)}`)
    .join('&');
  const url = new URL(`/${query === '' ? '' : `?${query}`}`, options.endpoint);
  const version = Object.hasOwn(otherVersions, action) ? otherVersions[action as Action] : undefined;
  const headers = {
    accept: 'application/json',
    'x-acs-action': wireAction(action),
    'x-acs-version': version ?? CR_VERSION,
  };
  return { ...(await signAcs3({ method: 'POST', url, headers }, options)), url: url.href };
}

async function fetchSigned(options: ClientOptions, pathAndQuery: string, init: FetchInit = {}): Promise<Response> {
  const { body, method = 'GET', signal } = init;
  const url = new URL(pathAndQuery, options.endpoint);
  if (url.origin !== new URL(options.endpoint).origin) throw new Error(`${pathAndQuery} is not a path on the server`);
  const given = typeof body === 'string' || body instanceof Uint8Array;
  if (body !== undefined && !given && init.contentSha256 === undefined) {
    throw new Error('a streamed body needs contentSha256');
  }
  const contentSha256 = init.contentSha256 ?? (given ? await sha256Hex(body) : undefined);
  const signed = await signAcs3(
    { method, url, headers: init.headers ?? {}, ...(contentSha256 === undefined ? {} : { contentSha256 }) },
    options,
  );
  options.beforeSend?.();
  // A request signed for this server must not go to another one that it redirects to.
  return (options.fetch ?? fetch)(url, {
    method,
    headers: signed.headers,
    redirect: 'error',
    ...(body === undefined ? {} : { body }),
    ...(body === undefined || given ? {} : { duplex: 'half' as const }),
    ...(signal ? { signal } : {}),
  });
}
