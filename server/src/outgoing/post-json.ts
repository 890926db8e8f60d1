import { type PinAddress, pinnedRequest } from '#registry/foreign/pinned-request.ts';
import { RegistryError } from '#registry/foreign/registry-error.ts';
import { readBeginning } from './read-beginning.ts';

/** A call of another service's API. */
export interface JsonCall {
  url: string;
  headers: Record<string, string>;
  /** Sent as JSON. */
  body: unknown;
}

/** How a host is reached. */
export interface JsonAccess {
  pin: PinAddress;
  /** Trusted certificates in PEM; undefined for the list of Node.js. */
  authorities: string | undefined;
  signal: AbortSignal;
}

const TIMEOUT_MS = 10_000;

/**
 * Sends a call by POST and returns the status and the beginning of the reply. It follows no redirect, because the call
 * has a token. Throws an error with a sentence about the host if it cannot be reached.
 */
export async function postJson(
  call: JsonCall,
  { pin, authorities, signal }: JsonAccess,
): Promise<{ httpStatus: number; text: string }> {
  const url = new URL(call.url);
  const body = JSON.stringify(call.body);
  const headers = {
    ...call.headers,
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
  };
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const limits = { signal: AbortSignal.any([signal, timeout]), idleTimeoutMs: TIMEOUT_MS };
  try {
    const tls = { tlsVerify: true, plainHttp: true, authorities };
    const answer = await pinnedRequest(url, headers, { pin, ...tls, ...limits, method: 'POST', body });
    return { httpStatus: answer.statusCode ?? 0, text: await readBeginning(answer) };
  } catch (cause) {
    if (timeout.aborted) throw new Error(`${url.host} did not answer within ${TIMEOUT_MS / 1000} seconds`, { cause });
    if (cause instanceof RegistryError) throw new Error(cause.message, { cause });
    throw cause;
  }
}
