import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type IpRange, ipInRange, parseIpRange } from '#ram/ip-range.ts';
import { callOrigin } from '#signature/call-origin.ts';

/** Who may come to the registry's door. */
export interface EndpointDoor {
  /** Why a client at this address may not, in words for the client; undefined where it may. */
  refusal(sourceIp: string | undefined): Promise<string | undefined>;
  trustedProxies: readonly IpRange[];
  now(): number;
}

const LOOPBACK = ['127.0.0.0/8', '::1/128'].flatMap((range) => parseIpRange(range) ?? []);
const MINUTE_MS = 60_000;
const TOLD_LIMIT = 1000;

/**
 * Lets only those clients come to the routes of `app` whom the public endpoint lets in, by the address from which they come as
 * trusted proxies tell it. This machine itself is always inside: builds push, whatever the endpoint says. The log has one
 * line for each address and minute.
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

/** A connection from the very address that it came to is from this machine. */
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

/** In the registry's form of an error; what the client still sends is not waited for. */
function refuse(reply: FastifyReply, message: string): FastifyReply {
  reply.header('connection', 'close').header('docker-distribution-api-version', 'registry/2.0');
  return reply.code(403).send({ errors: [{ code: 'DENIED', message, detail: null }] });
}
