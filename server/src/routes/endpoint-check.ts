import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type IpRange, ipInRange, parseIpRange } from '#address/ip-range.ts';
import { callOrigin } from '#signature/call-origin.ts';
import { noteReason } from './refusal-lines.ts';

/** Who may use the registry's routes. */
export interface EndpointCheck {
  /** Why a client at this address may not use them, as a message for the client; undefined if it may. */
  refusal(sourceIp: string | undefined): Promise<string | undefined>;
  trustedProxies: readonly IpRange[];
}

const LOOPBACK = ['127.0.0.0/8', '::1/128'].flatMap((range) => parseIpRange(range) ?? []);

/**
 * Admits to the routes of `app` only clients that the public endpoint allows, by the address that trusted proxies
 * report. This machine itself is always admitted: builds push, whatever the endpoint's state.
 */
export function requireEndpoint(app: FastifyInstance, check: EndpointCheck): void {
  app.addHook('onRequest', async (request, reply) => {
    const { sourceIp } = callOrigin(request.raw, check.trustedProxies);
    if (isOwn(sourceIp, request)) return;
    const message = await check.refusal(sourceIp);
    if (message === undefined) return;
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

/** In the registry's error format. What the client still sends is not read. */
function refuse(reply: FastifyReply, message: string): FastifyReply {
  noteReason(reply, message);
  reply.header('connection', 'close').header('docker-distribution-api-version', 'registry/2.0');
  return reply.code(403).send({ errors: [{ code: 'DENIED', message, detail: null }] });
}
