import { createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Attempt, Delivery, Receiver } from '#delivery/delivery.ts';
import { shownUrl } from '#delivery/receiver-url.ts';
import { type PinAddress, pinnedRequest } from '#registry/foreign/pinned-request.ts';
import { RegistryError } from '#registry/foreign/registry-error.ts';
import { readBeginning } from './read-beginning.ts';

/** How receivers are reached. */
export interface PostMeans {
  pin: PinAddress;
  /** Trusted certificates in PEM; undefined for the list of Node.js. */
  authorities: string | undefined;
  now: () => number;
}

/** How long a receiver may take for its whole reply, including redirects. */
export const POST_TIMEOUT_MS = 10_000;
const MAX_REDIRECTS = 3;
const REDIRECTS: readonly number[] = [301, 302, 307, 308];

/**
 * Sends a delivery to its receiver once, by POST. A status of 2xx ends it; redirects are followed within the same host,
 * and never from https to http. It never throws because of a receiver.
 *
 * The header `X-Slipway-Signature: t=SECONDS,v1=HEX` is the HMAC-SHA-256 of `SECONDS.BODY` with the receiver's secret.
 */
export async function postDelivery(
  means: PostMeans,
  { receiver, delivery, signal }: { receiver: Receiver; delivery: Delivery; signal: AbortSignal },
): Promise<Attempt> {
  const timeout = AbortSignal.timeout(POST_TIMEOUT_MS);
  const both = AbortSignal.any([signal, timeout]);
  let url = new URL(receiver.url);
  try {
    for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
      const answer = await send(means, { url, receiver, delivery, signal: both });
      const { statusCode: status = 0, headers } = answer;
      if (REDIRECTS.includes(status) && headers.location !== undefined) {
        answer.destroy();
        const target = followed(url, headers.location);
        if (typeof target === 'string') return { status, failure: target };
        url = target;
        continue;
      }
      const reply = await readBeginning(answer);
      return status >= 200 && status < 300
        ? { status, reply }
        : { status, reply, failure: `it answered HTTP ${status}` };
    }
    return { failure: `it redirects more than ${MAX_REDIRECTS} times` };
  } catch (cause) {
    if (timeout.aborted) return { failure: `it did not answer within ${POST_TIMEOUT_MS / 1000} seconds` };
    if (cause instanceof RegistryError) return { failure: cause.message };
    throw cause;
  }
}

function send(
  { pin, authorities, now }: PostMeans,
  { url, receiver, delivery, signal }: { url: URL; receiver: Receiver; delivery: Delivery; signal: AbortSignal },
): Promise<IncomingMessage> {
  const { body } = delivery;
  const user = url.username === '' && url.password === '' ? {} : { authorization: basicOf(url) };
  const signature = receiver.secret === undefined ? {} : { 'x-slipway-signature': sign(receiver.secret, body, now()) };
  const headers = {
    'content-type': delivery.contentType,
    'content-length': String(Buffer.byteLength(body)),
    'x-slipway-delivery': delivery.deliveryId,
    ...user,
    ...signature,
  };
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  const tls = { tlsVerify: true, plainHttp: true, authorities };
  return pinnedRequest(bare, headers, { pin, ...tls, method: 'POST', body, signal, idleTimeoutMs: POST_TIMEOUT_MS });
}

/** `t=SECONDS,v1=HEX`: a receiver computes the same, and refuses old times. */
export function sign(secret: string, body: string, nowMs: number): string {
  const seconds = Math.floor(nowMs / 1000);
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
}

/** The target of a redirect, or why it is not followed. */
function followed(from: URL, location: string): URL | string {
  const to = URL.parse(location, from.href);
  if (to === null) return 'it redirects to something that is not a URL';
  if (to.hostname !== from.hostname || (from.protocol === 'https:' && to.protocol !== 'https:'))
    return `it redirects to ${shownTarget(to)}, which is not followed; set that address itself`;
  to.username = from.username;
  to.password = from.password;
  return to;
}

function shownTarget(url: URL): string {
  return url.protocol === 'https:' || url.protocol === 'http:' ? shownUrl(url.href).slice(0, 200) : url.protocol;
}

function basicOf({ username, password }: URL): string {
  return `Basic ${Buffer.from(`${decoded(username)}:${decoded(password)}`).toString('base64')}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A lone % is literal.
    return text;
  }
}
