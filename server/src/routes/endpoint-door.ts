import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type IpRange, ipInRange, parseIpRange } from '#ram/ip-range.ts';
import { callOrigin } from '#signature/call-origin.ts';

/** Who may use the registry's routes. */
export interface EndpointDoor {
  /** Why a client at this address may not use them, as a message for the client; undefined if it may. */
  refusal(sourceIp: string | undefined): Promise<string | undefined>;
  trustedProxies: readonly IpRange[];
  now(): number;
}

const LOOPBACK = ['127.0.0.0/8', '::1/128'].flatMap((range) => parseIpRange(range) ?? []);
const MINUTE_MS = 60_000;
const TOLD_LIMIT = 1000;

/**
 * Admits to the routes of `app` only clients that the public endpoint allows, by the address that trusted proxies
 * report. This machine itself is always admitted: builds push, whatever the endpoint's state. The log gets at most one
 * line a minute for each address.
 */
export function keepEndpointDoor(app: FastifyInstance, door: EndpointDoor): void {
  const told = new Map<string, number>();
  app.addHook('onRequest', async (request, reply) => {
    const { sourceIp } = callOrigin(request.raw, door.trustedProxies);
    if (isOwn(sourceIp, request)) return;
    const message = await door.refusal(sourceIp);
    if (message === undefined) return;
    tellOnce(request, told, sourceIp ?? '', door.now());
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

function tellOnce(request: FastifyRequest, told: Map<string, number>, sourceIp: string, nowMs: number): void {
  const minute = Math.floor(nowMs / MINUTE_MS);
  if (told.get(sourceIp) === minute) return;
  if (told.size >= TOLD_LIMIT) told.clear();
  told.set(sourceIp, minute);
  request.log.warn({ sourceIp }, 'the public endpoint refused a client');
}

/** In the registry's error format. What the client still sends is not read. */
function refuse(reply: FastifyReply, message: string): FastifyReply {
  reply.header('connection', 'close').header('docker-distribution-api-version', 'registry/2.0');
  return reply.code(403).send({ errors: [{ code: 'DENIED', message, detail: null }] });
}
