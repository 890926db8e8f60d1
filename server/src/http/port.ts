import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import Fastify, { type FastifyInstance, LogController } from 'fastify';
import type { Logger } from 'pino';
import { answerMalformed } from '#gateway/answer-malformed.ts';

/** Answers a request; hands it to `rest` if it is not its own. */
type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** The one port, bound before anything else is made, so that a taken port is known at once. */
export class Port {
  readonly #server: Server;
  #handler: Handler = sayStarting;

  /** Binds the address. Rejects with the system's error (`EADDRINUSE`, `EACCES`). */
  static async bind(address: { host: string; port: number }): Promise<Port> {
    const port = new Port();
    await new Promise<void>((resolve, reject) => {
      port.#server.once('error', reject);
      port.#server.listen(address.port, address.host, () => resolve());
    });
    return port;
  }

  private constructor() {
    this.#server = createServer({ requestTimeout: 0, headersTimeout: 10_000 }, (request, response) =>
      this.#handler(request, response),
    ).on('clientError', answerMalformed);
  }

  /** `http://HOST:PORT` as it is reached on this machine. */
  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the port is not bound');
    const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
    return `http://${host === '0.0.0.0' ? '127.0.0.1' : host === '[::]' ? '[::1]' : host}:${address.port}`;
  }

  /** Requests to `/` go to the RPC gateway, all others to the routes of `app`. */
  serve(gateway: Handler, app: FastifyInstance): void {
    this.#handler = (request, response) => {
      const target = request.url ?? '/';
      if (target === '/' || target.startsWith('/?')) gateway(request, response);
      else app.routing(request, response);
    };
  }

  /** Takes no new connections, lets running requests end and closes those that are idle. */
  async close(graceMs: number): Promise<void> {
    const timer = setTimeout(() => this.#server.closeAllConnections(), graceMs);
    await new Promise((resolve) => {
      this.#server.close(resolve);
      this.#server.closeIdleConnections();
    });
    clearTimeout(timer);
  }
}

/** The routes beside the RPC gateway: a Fastify app without a server of its own. */
export function createApp(logger: Logger): FastifyInstance {
  return Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID().toUpperCase(),
    bodyLimit: 1024 * 1024,
  }) as unknown as FastifyInstance;
}

function sayStarting(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(503, { 'retry-after': '1', 'content-type': 'text/plain;charset=utf-8' }).end('starting\n');
}
