import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { SecureContext } from 'node:tls';
import Fastify, { type FastifyInstance, type FastifyReply, LogController } from 'fastify';
import type { Logger } from 'pino';
import { answerMalformed } from '#gateway/answer-malformed.ts';
import type { ApiError } from '#rpc/errors/api-error.ts';
import { timeAnswer } from './answer-time.ts';
import { type ConnectionLimit, limitConnections } from './connection-limit.ts';
import { handlePassing } from './passing-fault.ts';
import { askForBodyWhenRead, BODY_TIMES, type BodyGate, type BodyTimes, streamBody, timeBody } from './request-body.ts';

/** Answers a request. */
type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A certificate with its chain, and its private key, as PEM. */
interface TlsPair {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/**
 * A request's headers must arrive within ten seconds; a late one is found within two more. Headers and request line together
 * have at most 16 KiB, which therefore limits every text in them.
 */
const LIMITS = {
  requestTimeout: 0,
  headersTimeout: 10_000,
  connectionsCheckingInterval: 2_000,
  maxHeaderSize: 16 * 1024,
};

const LOOPBACK_IPV4 = '127.0.0.1';
const LOOPBACK_IPV6 = '::1';
const PORT_TRIES = 10;

/** The one port. It is bound first, so that a port in use is reported at once. */
export class Port {
  readonly #servers: (Server | TlsServer)[] = [];
  readonly #tls: TlsPair | undefined;
  readonly #limit: ConnectionLimit | undefined;
  readonly #times: BodyTimes;
  /**
   * A second, plain port on loopback that serves only the registry. The server's own programs push and pull there if they
   * cannot use the main port: under TLS, and with an IPv6 address, which is not allowed in an image name.
   */
  #local: Server | undefined;
  #domains: ReadonlyMap<string, SecureContext> = new Map();
  #handler: Handler = sayStarting;
  #registry: Handler = sayStarting;

  /** Binds the address, with TLS if a pair is given. Rejects with the system's error (`EADDRINUSE`, `EACCES`). */
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

  /** The URL of the port on this machine: `http://HOST:PORT`, or https. */
  get url(): string {
    return this.#urlOf(this.#servers[0]);
  }

  /** The same, with an address that is valid in image names if there is one. */
  get imageUrl(): string {
    return this.#urlOf(this.#servers.at(-1));
  }

  /** Where this server's own programs reach its registry: without TLS, whose certificate they may not trust, and over IPv4. */
  get registryUrl(): string {
    return this.#local ? `http://${hostAndPort(this.#local)}` : this.imageUrl;
  }

  /** Uses another certificate for new connections. */
  renew(tls: TlsPair): void {
    for (const server of this.#servers) if ('setSecureContext' in server) server.setSecureContext(tls);
  }

  /** Uses these certificates for new connections of clients that name one of these hosts; all others get the port's own. */
  serveDomains(domains: ReadonlyMap<string, SecureContext>): void {
    this.#domains = domains;
  }

  /** Sends requests to `/` to the RPC gateway, except that browsers are redirected to the console. All others go to `app`. */
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

  /** Stops accepting connections, closes idle ones, and gives running requests `graceMs` to finish. */
  async close(graceMs: number): Promise<void> {
    const servers = this.#local ? [...this.#servers, this.#local] : this.#servers;
    const timer = setTimeout(() => {
      for (const server of servers) server.closeAllConnections();
    }, graceMs);
    await Promise.all(servers.map(stop));
    clearTimeout(timer);
  }

  /** With IPv6 loopback, also listens on IPv4 loopback at the same port: no client accepts `[::1]` in an image name. */
  async #listenAt(address: { host: string; port: number }): Promise<void> {
    for (let tries = 1; ; tries++) {
      const first = await this.#listen(address);
      const bound = first.address() as AddressInfo;
      // A host name such as localhost can also resolve to `::1`.
      if (bound.address !== LOOPBACK_IPV6) return;
      try {
        await this.#listen({ host: LOOPBACK_IPV4, port: bound.port });
        return;
      } catch (error) {
        // The system picked a port that is free on only one of the two addresses.
        if (address.port !== 0 || tries === PORT_TRIES) throw error;
        await stop(first);
        this.#servers.pop();
      }
    }
  }

  async #listen(address: { host: string; port: number }): Promise<Server | TlsServer> {
    const server = this.#tls
      ? createTlsServer({ ...LIMITS, ...this.#tls, SNICallback: this.#contextOf })
      : createServer(LIMITS);
    takeRequests(server, this.#times, (request, response) => this.#handler(request, response));
    if (this.#limit) limitConnections(server, this.#limit);
    await listen(server, address);
    this.#servers.push(server);
    return server;
  }

  readonly #contextOf = (name: string, use: (error: null, context?: SecureContext) => void): void =>
    use(null, this.#domains.get(name.toLowerCase()));

  #urlOf(server: Server | TlsServer | undefined): string {
    if (!server) throw new Error('the port is not bound');
    return `${this.#tls ? 'https' : 'http'}://${hostAndPort(server)}`;
  }
}

/** More than any name, tag or digest may have, also with each of its characters escaped. */
const PARAMETER_LIMIT_CHARS = 1024;

/**
 * The app for all routes other than the RPC gateway: Fastify without its own server. Each route's body is held whole and uses
 * room of `bodies`, unless its `config` sets `streamsBody`.
 */
export function createApp(logger: Logger, bodies: BodyGate): FastifyInstance {
  const app = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: () => randomUUID().toUpperCase(),
    bodyLimit: 1024 * 1024,
    // Each operation has its own limits; with the router's, a tag of more than 100 characters would be on no path.
    routerOptions: { maxParamLength: PARAMETER_LIMIT_CHARS },
    // Otherwise each start loads Fastify's compilers of schemas: a hundred files, and no route has a schema.
    schemaController: { compilersFactory: { buildValidator: refuseSchemas, buildSerializer: refuseSchemas } },
  }) as unknown as FastifyInstance;
  app.addHook('preParsing', async ({ raw, routeOptions }, reply, payload) => {
    if (routeOptions.config.streamsBody) streamBody(raw);
    else bodies.admit(raw, reply.raw, routeOptions.bodyLimit ?? 0);
    return payload;
  });
  app.setErrorHandler(handlePassing(sayUnavailable));
  return app;
}

/** The answer of every route that has no form of its own for errors. */
function sayUnavailable(reply: FastifyReply, { message }: ApiError): FastifyReply {
  return reply.code(503).header('retry-after', '1').send({ message });
}

function refuseSchemas(): never {
  throw new Error('a route has a schema, and this app has no compilers for one');
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route streams its body instead of holding it. */
    streamsBody?: boolean;
  }
}

/** Checks every request of every server before its handler. */
function takeRequests(server: Server | TlsServer, times: BodyTimes, handle: Handler): void {
  const take = (request: IncomingMessage, response: ServerResponse) => {
    timeBody(request, response, times);
    timeAnswer(response, times.answerMs);
    handle(request, response);
  };
  server.on('clientError', answerMalformed);
  server.on('request', take);
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    askForBodyWhenRead(request, response);
    take(request, response);
  });
}

/** A browser's visit: a GET that accepts HTML, names no operation and is not signed. */
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
