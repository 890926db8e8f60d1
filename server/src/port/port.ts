import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance, LogController } from 'fastify';
import type { Logger } from 'pino';
import { answerMalformed } from '#gateway/answer-malformed.ts';
import { type ConnectionLimit, limitConnections } from './connection-limit.ts';
import { askForBodyWhenRead, BODY_TIMES, type BodyGate, type BodyTimes, streamBody, timeBody } from './request-body.ts';

/** Answers a request; hands it to `rest` if it is not its own. */
type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A certificate with its chain, and its key, as PEM. */
type TlsPair = { readonly cert: Buffer; readonly key: Buffer };

/**
 * A request's headers must be there within ten seconds; who is late is found within two more. With the first line they have 16 KiB
 * at most, which is the limit of every text that stands in them.
 */
const LIMITS = {
  ...{ requestTimeout: 0, headersTimeout: 10_000, connectionsCheckingInterval: 2_000 },
  maxHeaderSize: 16 * 1024,
};

const LOOPBACK_IPV4 = '127.0.0.1';
const LOOPBACK_IPV6 = '::1';
const PORT_TRIES = 10;

/** The one port, bound before anything else is made, so that a taken port is known at once. */
export class Port {
  readonly #servers: (Server | TlsServer)[] = [];
  readonly #tls: TlsPair | undefined;
  readonly #limit: ConnectionLimit | undefined;
  readonly #times: BodyTimes;
  /**
   * Where this server's own programs push and pull, if they cannot at the port itself: under TLS, and at an IPv6 address, which
   * is no registry in the name of an image. Plain, on loopback, and the registry only.
   */
  #local: Server | undefined;
  #handler: Handler = sayStarting;
  #registry: Handler = sayStarting;

  /** Binds the address, under TLS with a pair. Rejects with the system's error (`EADDRINUSE`, `EACCES`). */
  static async bind(
    address: { host: string; port: number },
    tls?: TlsPair,
    limit?: ConnectionLimit,
    times: BodyTimes = BODY_TIMES,
  ): Promise<Port> {
    const port = new Port(tls, limit, times);
    await port.#listenAt(address);
    if (tls || new URL(port.imageUrl).host.startsWith('[')) {
      port.#local = createServer(LIMITS);
      takeRequests(port.#local, times, (request, response) => port.#registry(request, response));
      await listen(port.#local, { host: LOOPBACK_IPV4, port: 0 });
    }
    return port;
  }

  private constructor(tls: TlsPair | undefined, limit: ConnectionLimit | undefined, times: BodyTimes) {
    this.#tls = tls;
    this.#limit = limit;
    this.#times = times;
  }

  /** `http://HOST:PORT`, or https, as it is reached on this machine. */
  get url(): string {
    return this.#urlOf(this.#servers[0]);
  }

  /** The same, as a name of an image can begin with it if there is a way. */
  get imageUrl(): string {
    return this.#urlOf(this.#servers.at(-1));
  }

  /** Where this server's own programs reach its registry: without TLS, whose certificate they may not know, and by IPv4. */
  get registryUrl(): string {
    return this.#local ? `http://${hostAndPort(this.#local)}` : this.imageUrl;
  }

  /** Takes another certificate for connections from now on. */
  renew(tls: TlsPair): void {
    for (const server of this.#servers) if ('setSecureContext' in server) server.setSecureContext(tls);
  }

  /** Requests to `/` go to the RPC gateway, but a browser's visit to the console; all others to the routes of `app`. */
  serve(gateway: Handler, app: FastifyInstance): void {
    const routes = (request: IncomingMessage, response: ServerResponse) => app.routing(request, response);
    this.#registry = (request, response) => {
      if (/^\/(v2\/|token(\?|$))/.test(request.url ?? '')) routes(request, response);
      else response.writeHead(404).end();
    };
    this.#handler = (request, response) => {
      const target = request.url ?? '/';
      if (isPageVisit(request)) response.writeHead(302, { location: '/console/', 'cache-control': 'no-store' }).end();
      else if (target === '/' || target.startsWith('/?')) gateway(request, response);
      else routes(request, response);
    };
  }

  /** Takes no new connections, lets running requests end and closes those that are idle. */
  async close(graceMs: number): Promise<void> {
    const servers = this.#local ? [...this.#servers, this.#local] : this.#servers;
    const timer = setTimeout(() => {
      for (const server of servers) server.closeAllConnections();
    }, graceMs);
    await Promise.all(servers.map(stop));
    clearTimeout(timer);
  }

  /** The loopback address of IPv6 comes with that of IPv4 at the same port: no client takes `[::1]` in the name of an image. */
  async #listenAt(address: { host: string; port: number }): Promise<void> {
    for (let tries = 1; ; tries++) {
      const first = await this.#listen(address);
      const bound = first.address() as AddressInfo;
      // A name, as localhost, may stand for it too.
      if (bound.address !== LOOPBACK_IPV6) return;
      try {
        await this.#listen({ host: LOOPBACK_IPV4, port: bound.port });
        return;
      } catch (error) {
        // The port that was picked is free at one of the two only.
        if (address.port !== 0 || tries === PORT_TRIES) throw error;
        await stop(first);
        this.#servers.pop();
      }
    }
  }

  async #listen(address: { host: string; port: number }): Promise<Server | TlsServer> {
    const server = this.#tls ? createTlsServer({ ...LIMITS, ...this.#tls }) : createServer(LIMITS);
    takeRequests(server, this.#times, (request, response) => this.#handler(request, response));
    if (this.#limit) limitConnections(server, this.#limit);
    await listen(server, address);
    this.#servers.push(server);
    return server;
  }

  #urlOf(server: Server | TlsServer | undefined): string {
    if (!server) throw new Error('the port is not bound');
    return `${this.#tls ? 'https' : 'http'}://${hostAndPort(server)}`;
  }
}

/**
 * The routes beside the RPC gateway: a Fastify app without a server of its own. The body of every route is held whole and takes
 * room of `bodies`, unless its `config` says `streamsBody`.
 */
export function createApp(logger: Logger, bodies: BodyGate): FastifyInstance {
  const app = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID().toUpperCase(),
    bodyLimit: 1024 * 1024,
  }) as unknown as FastifyInstance;
  app.addHook('preParsing', async ({ raw, routeOptions }, reply, payload) => {
    if (routeOptions.config.streamsBody) streamBody(raw);
    else bodies.admit(raw, reply.raw, routeOptions.bodyLimit ?? 0);
    return payload;
  });
  return app;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route passes its body on instead of holding it. */
    streamsBody?: boolean;
  }
}

/** What every request of every server meets before its handler. */
function takeRequests(server: Server | TlsServer, times: BodyTimes, handle: Handler): void {
  server.on('clientError', answerMalformed);
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    timeBody(request, response, times);
    handle(request, response);
  });
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    askForBodyWhenRead(request, response);
    timeBody(request, response, times);
    handle(request, response);
  });
}

/** A browser that opens the port: a GET of a page that names no operation and is not signed. */
function isPageVisit({ method, url, headers }: IncomingMessage): boolean {
  if (method !== 'GET' || url !== '/') return false;
  if (headers['x-acs-action'] !== undefined || headers.authorization !== undefined) return false;
  return /\btext\/html\b/.test(headers.accept ?? '');
}

function sayStarting(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(503, { 'retry-after': '1', 'content-type': 'text/plain;charset=utf-8' }).end('starting\n');
}

function listen(server: Server | TlsServer, address: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(address.port, address.host, () => resolve());
  });
}

function stop(server: Server | TlsServer): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}

function hostAndPort(server: Server | TlsServer): string {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the port is not bound');
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return `${host === '0.0.0.0' || host === '[::]' ? '127.0.0.1' : host}:${address.port}`;
}
