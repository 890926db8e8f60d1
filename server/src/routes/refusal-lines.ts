import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { IpRange } from '#address/ip-range.ts';
import { callOrigin } from '#signature/call-origin.ts';

/** Why requests were refused: what their clients were told. */
const reasons = new WeakMap<FastifyRequest, string>();
/** Requests whose refusal is in the record of calls, which has lines of its own. */
const recorded = new WeakSet<FastifyRequest>();

/** Notes why a request is refused, for the server's log. */
export function noteReason({ request }: FastifyReply, reason: string): void {
  reasons.set(request, reason);
}

/** Notes that the record of calls already has the refusal. */
export function noteRecorded({ request }: FastifyReply): void {
  recorded.add(request);
}

/**
 * Writes a line for each request of these routes that was refused. Questions are logged at level debug: whether something exists, and
 * which token to fetch. So are requests that succeeded.
 */
export function writeRefusals(app: FastifyInstance, what: string, trustedProxies: readonly IpRange[]): void {
  app.addHook('onResponse', async (request, reply) => {
    const { method, log } = request;
    const { statusCode: status } = reply;
    const isQuestion = status < 400 || status === 401 || (status === 404 && (method === 'GET' || method === 'HEAD'));
    const isQuiet = isQuestion || recorded.has(request);
    if (isQuiet && log.level !== 'debug') return;
    const { sourceIp } = callOrigin(request.raw, trustedProxies);
    const path = request.url.split('?', 1)[0];
    const details = { sourceIp, method, path, status, reason: reasons.get(request) };
    log[isQuiet ? 'debug' : 'warn'](details, isQuestion ? `${what} answered` : `${what} refused`);
  });
}
