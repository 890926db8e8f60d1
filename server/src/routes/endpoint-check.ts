import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type IpRange, ipInRange, parseIpRange } from '#address/ip-range.ts';
import { callOrigin } from '#signature/call-origin.ts';

/** Who may use the registry's routes. */
export interface EndpointCheck {
  /** Why a client at this address may not use them, as a message for the client; undefined if it may. */
  refusal(sourceIp: string | undefined): Promise<string | undefined>;
  trustedProxies: readonly IpRange[];
  now(): number;
}

const LOOPBACK = ['127.0.0.0/8', '::1/128'].flatMap((range) => parseIpRange(range) ?? []);
const MINUTE_MS = 60_000;
const LOGGED_LIMIT = 1000;

/**
 * Admits to the routes of `app` only clients that the public endpoint allows, by the address that trusted proxies
 * report. This machine itself is always admitted: builds push, whatever the endpoint's state. The log gets at most one
 * line a minute for each address.
 */
export function requireEndpoint(app: FastifyInstance, check: EndpointCheck): void {
  const logged = new Map<string, number>();
  app.addHook('onRequest', async (request, reply) => {
    const { sourceIp } = callOrigin(request.raw, check.trustedProxies);
    if (isOwn(sourceIp, request)) return;
    const message = await check.refusal(sourceIp);
    if (message === undefined) return;
    logOncePerMinute(request, logged, sourceIp ?? '', check.now());
    return refuse(reply, message);
  });
}

/** A connection whose source is its own destination address comes from this machine. */
function isOwn(sourceIp: string | undefined, { raw }: FastifyRequest): boolean {
  if (sourceIp === undefined) return false;
  const { localAddress } = raw.socket;
  const here = localAddress === undefined ? undefined : parseIpRange(localAddress);
  return [...LOOPBACK, ...(here ? [here] : [])].some((range) => ipInRange(sourceIp, range));
}

function logOncePerMinute(request: FastifyRequest, logged: Map<string, number>, sourceIp: string, nowMs: number): void {
  const minute = Math.floor(nowMs / MINUTE_MS);
  if (logged.get(sourceIp) === minute) return;
  if (logged.size >= LOGGED_LIMIT) logged.clear();
  logged.set(sourceIp, minute);
  request.log.warn({ sourceIp }, 'the public endpoint refused a client');
}

/** In the registry's error format. What the client still sends is not read. */
function refuse(reply: FastifyReply, message: string): FastifyReply {
  reply.header('connection', 'close').header('docker-distribution-api-version', 'registry/2.0');
  return reply.code(403).send({ errors: [{ code: 'DENIED', message, detail: null }] });
}
