import type { Readable } from 'node:stream';

/** What is replaced of the SDK's handler of requests. */
interface RequestHandler {
  handle(request: SentRequest, options?: object): Promise<{ response: { body?: Readable } }>;
}

interface SentRequest {
  body?: unknown;
  query?: Record<string, unknown>;
}

/** A request took longer than it may. The SDK does not know the name, so it does not try again. */
export class TooSlow extends Error {
  override readonly name = 'TooSlow';
  readonly limitMs: number;

  constructor(limitMs: number) {
    super(`it took longer than ${Math.round(limitMs / 1000)} s`);
    this.limitMs = limitMs;
  }
}

/** AWS takes minutes to put an object of many parts together, and sends spaces meanwhile. */
export const ANSWER_MS = 300_000;
const SLOWEST_BYTES_PER_MS = 32;

/**
 * Ends a request that takes too long for its bytes: a store or network that moves a byte now and then is never silent. The bytes of an
 * object that is read have no limit here: their reader may be slow.
 */
export function limitRequests(handler: RequestHandler, answerMs: number): void {
  const handle = handler.handle.bind(handler);
  handler.handle = async (request, options) => {
    const limitMs = answerMs + bytesOf(request) / SLOWEST_BYTES_PER_MS;
    const slow = new TooSlow(limitMs);
    const stop = new AbortController();
    let body: Readable | undefined;
    const timer = setTimeout(() => {
      stop.abort(slow);
      body?.destroy(slow);
    }, limitMs).unref();
    try {
      const answered = await handle(request, { ...options, abortSignal: stop.signal });
      const isObject = request.query?.['x-id'] === 'GetObject';
      if (isObject) clearTimeout(timer);
      else body = answered.response.body?.once('close', () => clearTimeout(timer));
      return answered;
    } catch (error) {
      clearTimeout(timer);
      throw stop.signal.aborted ? slow : error;
    }
  };
}

function bytesOf({ body }: SentRequest): number {
  return body instanceof Uint8Array || typeof body === 'string' ? body.length : 0;
}
