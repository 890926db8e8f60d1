import type { IncomingMessage, ServerResponse } from 'node:http';
import type { IpRange } from '#address/ip-range.ts';
import { Shares } from '#admission/shares.ts';
import { ApiError } from '#rpc/errors/api-error.ts';
import { callOrigin } from '#signature/call-origin.ts';
import { hasBody } from '#signature/has-body.ts';
import { noteArrived } from './body-memory.ts';

/** Time limits for bodies: for a held body as a whole, for each period of a streamed body, and for a client that stops reading. */
export interface BodyTimes {
  readonly heldMs: number;
  readonly stretchMs: number;
  readonly answerMs: number;
}

/** How many bytes of all requests' bodies may be held at once. */
export interface BodyRoom {
  readonly totalBytes: number;
  /** Proxies that are trusted to report a client's address. */
  readonly trustedProxies?: readonly IpRange[];
}

export const BODY_TIMES: BodyTimes = { heldMs: 30_000, stretchMs: 60_000, answerMs: 300_000 };

/** The minimum number of bytes that a streamed body must bring in each period. */
const STRETCH_BYTES = 1024;
/** The share of the room that one address may hold. A single body is always allowed. */
const SHARE = 1 / 4;
/** A connection takes this much anyway, so bodies up to this size are accepted even when the room is full. */
const SMALL_BYTES = 16 * 1024;
/** Each piece of a body costs about a hundred bytes of overhead, so a body in tiny pieces takes far more than its size. */
const MOST_CRUMBS = 4096;
const CRUMB_BYTES = 64;
const LATE =
  'HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: 31\r\n\r\nthe body did not arrive in time';

const streamed = new WeakSet<IncomingMessage>();

/** Marks a request's body as streamed, not held: it may take any time as long as data keeps arriving. */
export function streamBody(request: IncomingMessage): void {
  streamed.add(request);
}

/** Cuts off a request whose body arrives too slowly or in tiny pieces, on any route, whether or not the route reads it. */
export function timeBody(request: IncomingMessage, response: ServerResponse, times: BodyTimes): void {
  if (!hasBody(request)) return;
  cutOffCrumbs(request, response);
  let timer = setTimeout(next, times.heldMs, request.socket.bytesRead);
  request.once('end', () => clearTimeout(timer)).once('close', () => clearTimeout(timer));

  function next(readBefore: number): void {
    if (request.complete || request.destroyed) return;
    const { bytesRead } = request.socket;
    // Data that waits to be read means that the sender is not to blame.
    const comes = bytesRead - readBefore >= STRETCH_BYTES || request.readableLength > 0;
    if (streamed.has(request) && comes) timer = setTimeout(next, times.stretchMs, bytesRead);
    else cutOff(request, response);
  }
}

/** Counts the pieces as they arrive, before anything holds them. */
function cutOffCrumbs(request: IncomingMessage, response: ServerResponse): void {
  const { push } = request;
  let [pieces, bytes] = [0, 0];
  request.push = (chunk: Buffer | null, encoding?: BufferEncoding) => {
    pieces += 1;
    bytes += chunk?.length ?? 0;
    noteArrived(chunk?.length ?? 0);
    if (chunk === null || pieces <= MOST_CRUMBS || bytes >= pieces * CRUMB_BYTES)
      return push.call(request, chunk, encoding);
    cutOff(request, response);
    return false;
  };
}

/**
 * For a request with `Expect: 100-continue`, asks for the body only when something reads it, so that a refused client has sent
 * nothing. A refusal then closes the connection, because it is unknown whether a body follows.
 */
export function askForBodyWhenRead(request: IncomingMessage, response: ServerResponse): void {
  const read = request._read;
  const { shouldKeepAlive } = response;
  response.shouldKeepAlive = false;
  request._read = (size) => {
    request._read = read;
    if (!response.headersSent) {
      response.shouldKeepAlive = shouldKeepAlive;
      response.writeContinue();
    }
    read.call(request, size);
  };
}

/**
 * The room that all held bodies share. A body's need is known before it arrives: its declared length, or else the route's
 * limit.
 */
export class BodyGate {
  readonly #room: BodyRoom;
  readonly #held = new Shares();
  #heldBytes = 0;

  constructor(room: BodyRoom) {
    this.#room = room;
  }

  /** How many bytes are held now. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /**
   * Reserves room for a request's body until it is answered. Throws `ServiceUnavailable` 503 if the room, or the address's share
   * of it, is full.
   */
  admit(request: IncomingMessage, response: ServerResponse, limitBytes: number): void {
    const sizeBytes = Number(request.headers['content-length'] ?? limitBytes);
    // A body above its route's limit is never read.
    if (sizeBytes <= SMALL_BYTES || sizeBytes > limitBytes || !hasBody(request)) return;
    const address = networkOf(callOrigin(request, this.#room.trustedProxies).sourceIp ?? '');
    const ofAddress = this.#held.of(address);
    const { totalBytes } = this.#room;
    const isFull = this.#heldBytes + sizeBytes > totalBytes;
    if (isFull || (ofAddress > 0 && ofAddress + sizeBytes > totalBytes * SHARE)) throw noRoom(isFull);
    this.#change(address, sizeBytes);
    response.once('close', () => this.#change(address, -sizeBytes));
  }

  #change(address: string, byBytes: number): void {
    this.#heldBytes += byBytes;
    this.#held.add(address, byBytes);
  }
}

/** For IPv6, the /64 network: a client with one of its addresses has all 2^64. */
function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  const [before = '', after] = address.split('::');
  const [first, last] = [before, after ?? ''].map((part) => part.split(':').filter((group) => group !== ''));
  const zeroes = after === undefined ? 0 : Math.max(0, 8 - (first?.length ?? 0) - (last?.length ?? 0));
  return [...(first ?? []), ...Array<string>(zeroes).fill('0'), ...(last ?? [])].slice(0, 4).join(':');
}

function noRoom(isFull: boolean): ApiError {
  const whose = isFull ? 'other requests' : 'requests from this address';
  const message = `The server holds as many bytes of ${whose} as it is allowed to (setting request-bodies-mebibytes). Try again in a moment.`;
  return new ApiError('ServiceUnavailable', 503, message);
}

function cutOff(request: IncomingMessage, response: ServerResponse): void {
  const { socket } = request;
  if (!response.headersSent) socket.end(LATE);
  socket.destroySoon();
}
