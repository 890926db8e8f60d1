import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { openTunnel } from './proxy-tunnel.ts';
import { RegistryError } from './registry-error.ts';
import { bareHostname } from './registry-host.ts';

/** Returns the address at which to reach a host, or the proxy to use; throws if the host must not be reached. */
export type PinAddress = (host: string) => Promise<{ address: string } | { proxy: string }>;

/** How to talk to an untrusted server. */
export interface PinnedRequestOptions {
  pin: PinAddress;
  /** False allows http and any certificate: for a mirror for which the operator set that. */
  tlsVerify: boolean;
  /** Allows http even where certificates are checked. */
  plainHttp?: boolean;
  /** Trusted certificates in PEM; the list of Node.js by default. */
  authorities?: string | undefined;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
  /** GET by default. */
  method?: 'GET' | 'HEAD' | 'POST' | 'PUT';
  /** What is sent. If a stream breaks off, the request ends with its error. */
  body?: string | Readable | undefined;
  /** Called with each redirect that is followed. */
  onRedirect?: () => void;
  /** How long a server may stay silent before it is treated as unreachable. */
  idleTimeoutMs?: number;
  /** How long the head of an answer may take, however often a byte of it arrives. */
  answerTimeoutMs?: number;
}

const MAX_REDIRECTS = 5;
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];
const DEFAULT_IDLE_TIMEOUT_MS = 60_000;
/** The head of an answer, and a body that is read whole: otherwise a byte now and then would keep its reader busy for days. */
const SLOWEST_MS = 300_000;

/**
 * Sends a GET or a HEAD and follows redirects. It asks `pin` about every host on the way, and connects to exactly the
 * address or proxy that `pin` returns: an untrusted registry can name any address, in a redirect, a token realm or its
 * DNS. Credentials go only to the host they are meant for. Returns any final status; the caller must read or destroy
 * the body. Throws RegistryError.
 */
export async function pinnedGet(url: URL, options: PinnedRequestOptions): Promise<IncomingMessage> {
  let target = url;
  let headers = options.headers ?? {};
  for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
    const answer = await pinnedRequest(target, headers, options);
    const { location } = answer.headers;
    if (location === undefined || !REDIRECTS.includes(answer.statusCode ?? 0)) return answer;
    answer.destroy();
    const next = parseLocation(location, target);
    options.onRedirect?.();
    if (next.origin !== target.origin) headers = withoutCredentials(headers);
    target = next;
  }
  throw new RegistryError('refused', `${url.host} redirects more than ${MAX_REDIRECTS} times`);
}

/** Reads a body of at most `maxBytes`, which may take five minutes. Throws RegistryError. */
export async function readBody(
  answer: IncomingMessage,
  maxBytes: number,
  what: string,
  limitMs = SLOWEST_MS,
): Promise<Buffer> {
  const late = setTimeout(() => answer.destroy(new Error(`it took longer than ${limitMs / 1000} seconds`)), limitMs);
  // A single buffer that grows: a body in tiny pieces takes no more memory than one that arrives whole.
  let body = Buffer.alloc(0);
  let sizeBytes = 0;
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      const start = sizeBytes;
      sizeBytes += chunk.length;
      if (sizeBytes > maxBytes) throw new RegistryError('refused', `${what} is larger than ${maxBytes} bytes`);
      if (sizeBytes > body.length) body = Buffer.concat([body.subarray(0, start)], Math.max(4096, 2 * sizeBytes));
      chunk.copy(body, start);
    }
  } catch (cause) {
    if (cause instanceof RegistryError) throw cause;
    throw new RegistryError('unreachable', `${what} broke off: ${(cause as Error).message}`, '', { cause });
  } finally {
    clearTimeout(late);
  }
  return body.subarray(0, sizeBytes);
}

/** Sends one request as `pinnedGet` does, and follows no redirect. */
export async function pinnedRequest(
  url: URL,
  headers: Record<string, string>,
  options: PinnedRequestOptions,
): Promise<IncomingMessage> {
  const { pin, tlsVerify, signal, idleTimeoutMs = DEFAULT_IDLE_TIMEOUT_MS, answerTimeoutMs = SLOWEST_MS } = options;
  const isTls = url.protocol === 'https:';
  if (!isTls && ((tlsVerify && options.plainHttp !== true) || url.protocol !== 'http:')) {
    throw new RegistryError('refused', `${url.host} may be reached by ${url.protocol} only; https is required`);
  }
  const hostname = bareHostname(url);
  const route = await pinned(pin, hostname, signal);
  const port = Number(url.port || (isTls ? 443 : 80));
  const way = await connectionTo(route, { url, hostname, port }, options);
  return new Promise((resolve, reject) => {
    const request = (isTls ? httpsRequest : httpRequest)(
      {
        ...way,
        method: options.method ?? 'GET',
        headers: { ...headers, host: url.host, 'user-agent': 'slipway' },
        agent: false,
        ...(isTls ? { servername: isIP(hostname) ? '' : hostname, rejectUnauthorized: tlsVerify } : {}),
        ...(isTls && options.authorities !== undefined ? { ca: options.authorities } : {}),
        ...(signal ? { signal } : {}),
      },
      resolve,
    );
    // For a protocol switch that nobody asked for, Node reports neither a response nor an error, and no abort would end
    // the wait.
    request.on('upgrade', (_answer, socket) => {
      socket.destroy();
      reject(new RegistryError('refused', `${url.host} answers in another protocol`));
    });
    request.setTimeout(idleTimeoutMs, () => request.destroy(new Error(`silent for ${idleTimeoutMs} ms`)));
    // What is sent as a stream may take as long as its sender lets it.
    if (!(options.body instanceof Readable)) {
      const tooLate = new Error(`no whole answer within ${answerTimeoutMs / 1000} seconds`);
      const late = setTimeout(() => request.destroy(tooLate), answerTimeoutMs);
      for (const end of ['response', 'close']) request.once(end, () => clearTimeout(late));
    }
    request.on('error', (cause) => {
      const kind = signal?.aborted ? 'cancelled' : 'unreachable';
      const reason = signal?.aborted ? 'cancelled' : `cannot be reached: ${cause.message}`;
      reject(new RegistryError(kind, `${url.host} ${reason}`, '', { cause }));
    });
    if (options.body instanceof Readable) pipeline(options.body, request).catch(reject);
    else request.end(options.body);
  });
}

/** Where to connect and what to request there: a proxy is asked for whole URLs, or for a tunnel if TLS follows. */
async function connectionTo(
  route: Awaited<ReturnType<PinAddress>>,
  { url, hostname, port }: { url: URL; hostname: string; port: number },
  { signal, idleTimeoutMs = DEFAULT_IDLE_TIMEOUT_MS }: PinnedRequestOptions,
): Promise<RequestOptions & { socket?: Socket }> {
  const path = `${url.pathname}${url.search}`;
  if ('address' in route) return { host: route.address, port, path };
  if (url.protocol === 'http:') {
    const proxy = new URL(route.proxy);
    return { host: bareHostname(proxy), port: Number(proxy.port || 80), path: url.href };
  }
  try {
    const socket = await openTunnel(route.proxy, { host: hostname, port }, { signal, idleTimeoutMs });
    return { host: hostname, port, path, socket };
  } catch (cause) {
    const kind = signal?.aborted ? 'cancelled' : 'unreachable';
    throw new RegistryError(kind, `${url.host} cannot be reached: ${(cause as Error).message}`, '', { cause });
  }
}

async function pinned(pin: PinAddress, hostname: string, signal: AbortSignal | undefined): ReturnType<PinAddress> {
  const { promise: aborted, reject: abort } = Promise.withResolvers<never>();
  const onAbort = () => abort(signal?.reason);
  signal?.addEventListener('abort', onAbort);
  if (signal?.aborted) onAbort();
  try {
    // The system's resolver may be slow and cannot be cancelled.
    return await Promise.race([pin(hostname), aborted]);
  } catch (cause) {
    if (signal?.aborted) throw new RegistryError('cancelled', `${hostname} cancelled`, '', { cause });
    throw new RegistryError('refused', (cause as Error).message, '', { cause });
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}

function parseLocation(location: string, base: URL): URL {
  try {
    return new URL(location, base);
  } catch (cause) {
    throw new RegistryError('refused', `${base.host} redirects to something that is not a URL`, '', { cause });
  }
}

function withoutCredentials(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'authorization'));
}
