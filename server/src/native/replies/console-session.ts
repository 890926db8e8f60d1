import type { FastifyReply, FastifyRequest } from 'fastify';
import { issueConsoleRenewal } from '#account/sessions/console-renewal-store.ts';
import { openConsoleSession, type SessionOpener } from '#account/sessions/console-session.ts';
import type { NewSession } from '#rpc/native-types.gen.ts';
import { callOrigin } from '#signature/call-origin.ts';
import type { Exchange, NativeContext } from '../native-operation.ts';
import { noteOf } from '../request-note.ts';

const COOKIE_PATH = 'Path=/api/v1/session; HttpOnly; SameSite=Strict';

/** Opens a session of the console. Its credentials have no right that the opener does not have. */
export async function openSession(
  context: NativeContext,
  { request, reply }: Exchange,
  opener: SessionOpener,
): Promise<NewSession> {
  const { instanceId, regionId, verifier } = context;
  const session = await openConsoleSession(context, opener, context.now());
  const key = await verifier.account.findKey(session.accessKeyId);
  // Without a signature, the caller is known only now.
  if (key) noteOf(request).caller ??= key.principal;
  reply.header('cache-control', 'no-store');
  return {
    AccessKeyId: session.accessKeyId,
    AccessKeySecret: session.accessKeySecret,
    SecurityToken: session.securityToken,
    ExpireTime: session.expiresMs,
    Arn: key?.principal.arn,
    InstanceId: instanceId,
    RegionId: regionId,
  };
}

/** Sets the cookie that renews sessions, which can do nothing else. */
export async function setRenewal(
  { db, now, verifier, instanceId }: NativeContext,
  { request, reply }: Exchange,
  opener: SessionOpener,
): Promise<void> {
  const nowMs = now();
  const { token, expiresMs } = await issueConsoleRenewal(db, opener, nowMs);
  const { secureTransport } = callOrigin(request.raw, verifier.trustedProxies);
  const maxAge = Math.floor((expiresMs - nowMs) / 1000);
  const secure = secureTransport ? '; Secure' : '';
  reply.header('set-cookie', `${cookieName(instanceId)}=${token}; ${COOKIE_PATH}; Max-Age=${maxAge}${secure}`);
}

/** The token in the cookie of a request. */
export function renewalOf({ headers }: FastifyRequest, instanceId: string): string | undefined {
  for (const pair of (headers.cookie ?? '').split(';')) {
    const [key, value] = pair.trim().split('=', 2);
    if (key === cookieName(instanceId) && value !== undefined && /^[\w-]{43}$/.test(value)) return value;
  }
  return undefined;
}

/** Makes the browser forget the cookie. */
export function clearRenewal(reply: FastifyReply, instanceId: string): void {
  reply.header('set-cookie', `${cookieName(instanceId)}=; ${COOKIE_PATH}; Max-Age=0`);
}

function cookieName(instanceId: string): string {
  return `slipway-renewal-${instanceId}`;
}
