import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';

/** A request that has been answered completely. */
export interface AnsweredRequest {
  readonly method: string;
  /** The route's pattern; `rpc` for the vendor's API, `unknown` if there is no such route. */
  readonly route: string;
  readonly status: number;
  readonly durationMs: number;
  readonly headers: IncomingHttpHeaders;
  /** The same object as in a `CallEnd`. */
  readonly response: ServerResponse;
}

/** Called for each answered request. It must not throw. */
export type RequestObserver = (request: AnsweredRequest) => void;

/** Calls `observe` for each request that the app's routes answer. Call it before the routes are registered. */
export function observeRoutes(app: FastifyInstance, observe: RequestObserver): void {
  app.addHook('onResponse', async ({ method, routeOptions, headers }, reply) => {
    const { statusCode: status, elapsedTime: durationMs, raw: response } = reply;
    observe({ method, route: routeOptions.url ?? 'unknown', status, durationMs, headers, response });
  });
}

/** Wraps a handler to call `observe` for each request that it answers, under one route name. */
export function observeHandler(
  route: string,
  handler: (request: IncomingMessage, response: ServerResponse) => void,
  observe: RequestObserver,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const startMs = performance.now();
    const { method = '', headers } = request;
    response.once('finish', () => {
      observe({
        method,
        route,
        status: response.statusCode,
        durationMs: performance.now() - startMs,
        headers,
        response,
      });
    });
    handler(request, response);
  };
}
