import type { IncomingMessage, ServerResponse } from 'node:http';
import { Shares } from '#admission/shares.ts';
import type { IpRange } from '#ram/ip-range.ts';
import { ApiError } from '#rpc/api-error.ts';
import { callOrigin } from '#signature/call-origin.ts';
import { hasBody } from '#signature/has-body.ts';

/** How long bodies may take: those that are held until they are whole, and each stretch of those that are streamed. */
export interface BodyTimes {
  readonly heldMs: number;
  readonly stretchMs: number;
}

/** How much of the bodies of all requests may be held at once. */
export interface BodyRoom {
  readonly totalBytes: number;
  /** Whose word on a client's address is believed. */
  readonly trustedProxies?: readonly IpRange[];
}

export const BODY_TIMES: BodyTimes = { heldMs: 30_000, stretchMs: 60_000 };

/** What a stretch of a streamed body brings at least. */
const STRETCH_BYTES = 1024;
/** One address may hold this part of the room; a single body it always may. */
const SHARE = 1 / 4;
/** What a connection takes anyway: calls of this size go on when the room is full. */
const SMALL_BYTES = 16 * 1024;
/** Each piece of a body takes some hundred bytes beside its own, so that one in crumbs takes far more than it counts. */
const MOST_CRUMBS = 4096;
const CRUMB_BYTES = 64;
const LATE =
  'HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: 29\r\n\r\nthe body did not come in time';

const streamed = new WeakSet<IncomingMessage>();

/** Lets the body of a request take as long as it goes on coming: it is passed on, not held. */
export function streamBody(request: IncomingMessage): void {
  streamed.add(request);
}

/** Cuts off whoever sends a body too slowly or in crumbs, whichever route it goes to and whether that route reads it or not. */
export function timeBody(request: IncomingMessage, response: ServerResponse, times: BodyTimes): void {
  if (!hasBody(request)) return;
  cutOffCrumbs(request, response);
  let timer = setTimeout(next, times.heldMs, request.socket.bytesRead);
  request.once('end', () => clearTimeout(timer)).once('close', () => clearTimeout(timer));

  function next(readBefore: number): void {
    if (request.complete || request.destroyed) return;
    const { bytesRead } = request.socket;
    // What waits to be taken is not the sender's delay.
    const comes = bytesRead - readBefore >= STRETCH_BYTES || request.readableLength > 0;
    if (streamed.has(request) && comes) timer = setTimeout(next, times.stretchMs, bytesRead);
    else cutOff(request, response);
  }
}

/** Counted as they come in, before anything holds them. */
function cutOffCrumbs(request: IncomingMessage, response: ServerResponse): void {
  const { push } = request;
  let [pieces, bytes] = [0, 0];
  request.push = (chunk: Buffer | null, encoding?: BufferEncoding) => {
    pieces += 1;
    bytes += chunk?.length ?? 0;
    if (chunk === null || pieces <= MOST_CRUMBS || bytes >= pieces * CRUMB_BYTES)
      return push.call(request, chunk, encoding);
    cutOff(request, response);
    return false;
  };
}

/**
 * Asks for the body of a request that waits to be asked (`Expect: 100-continue`) when something reads it, and not before: who is
 * refused has sent nothing then. That answer ends the connection, for nobody knows whether a body follows.
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
 * The room that all bodies share which are held until they are whole. What a body takes is known before it comes: its length, or
 * where it tells none the route's limit.
 */
export class BodyGate {
  readonly #room: BodyRoom;
  readonly #held = new Shares();
  #heldBytes = 0;

  constructor(room: BodyRoom) {
    this.#room = room;
  }

  /** How much is held. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /**
   * Takes room for the body of a request until it is answered. Throws `ServiceUnavailable` 503 if there is none, for all or for
   * its address.
   */
  admit(request: IncomingMessage, response: ServerResponse, limitBytes: number): void {
    const sizeBytes = Number(request.headers['content-length'] ?? limitBytes);
    // Nothing is read of one that is larger than its route takes.
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

/** Of IPv6 whoever has one address has the other 2^64 of its network. */
function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  const [before = '', after] = address.split('::');
  const [first, last] = [before, after ?? ''].map((part) => part.split(':').filter((group) => group !== ''));
  const zeroes = after === undefined ? 0 : Math.max(0, 8 - (first?.length ?? 0) - (last?.length ?? 0));
  return [...(first ?? []), ...Array<string>(zeroes).fill('0'), ...(last ?? [])].slice(0, 4).join(':');
}

function noRoom(isFull: boolean): ApiError {
  const whose = isFull ? 'other requests' : 'requests from this address';
  const message = `The server holds as many bytes of ${whose} as it may (setting request-bodies-mebibytes). Try again in a moment.`;
  return new ApiError('ServiceUnavailable', 503, message);
}

function cutOff(request: IncomingMessage, response: ServerResponse): void {
  const { socket } = request;
  if (!response.headersSent) socket.end(LATE);
  socket.destroySoon();
}
