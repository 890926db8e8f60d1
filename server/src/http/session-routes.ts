import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { getAccountSettings } from '#account/account-settings.ts';
import { checkConsolePassword, passwordPrincipal, signInName } from '#account/console-password.ts';
import { findConsoleRenewal, issueConsoleRenewal, removeConsoleRenewal } from '#account/console-renewal.ts';
import { closeConsoleSession, openConsoleSession, type SessionOpener, signedOpener } from '#account/console-session.ts';
import { maySignInFrom } from '#account/security-preference.ts';
import { callOrigin } from '#gateway/call-origin.ts';
import { decide } from '#ram/decide.ts';
import { ApiError, invalidParameter, missingParameter } from '#rpc/api-error.ts';
import { readQuery } from './api-query.ts';
import { checkHost, isLocalHost, refuseOtherOrigins } from './host-check.ts';
import { readJsonObject, textField } from './json-body.ts';
import { callerOf, isBearer, type NativeApi } from './native-api.ts';
import { noteOf } from './request-note.ts';
import { SignInGate } from './sign-in-gate.ts';

const ASKED_AT_ONCE = 50;
/** In characters: a user's name with an account's alias behind it, and more than any password has. */
const SIGN_IN_LIMITS = { UserName: 256, Password: 1024, NewPassword: 1024 };
/** Whoever signs in has signed nothing yet, and has little to say. */
const ANYBODY = { config: { anonymous: true }, bodyLimit: 16 * 1024 };

/**
 * Sessions of the console. `POST /session` gives whoever signed the request temporary credentials of the same identity, for
 * the console to sign with; `POST /session/password` gives them for a user's console password, over TLS or on the machine
 * itself; `POST /session/renew` for the cookie that both of them set, which is good for nothing else. `DELETE /session`,
 * signed with them, ends both. Like GetCallerIdentity, no policy can take this away: the credentials have no right that the
 * caller does not have. `POST /session/may` tells which calls the caller's policies allow.
 */
export async function sessionRoutes(app: FastifyInstance, { api }: { api: NativeApi }): Promise<void> {
  const { means, verifier, instanceId } = api;
  const gate = new SignInGate(() => means.now());
  const cookieName = `slipway-renewal-${instanceId}`;

  app.addHook('onRequest', async (request) => {
    checkHost(request, verifier);
    refuseOtherOrigins(request, verifier);
    readQuery(request, {});
  });

  app.post('/session', async (request, reply) => {
    if (isBearer(request))
      throw new ApiError('NoPermission', 403, 'A bearer token opens no session; sign this request.');
    const caller = await callerOf(api, request, request.body as Buffer | undefined);
    const opener = await signedOpener(means.db, verifier.account, caller);
    await setRenewal(request, reply, opener);
    return openSession(request, reply, opener);
  });

  app.post('/session/password', ANYBODY, async (request, reply) => {
    const { sourceIp, secureTransport } = callOrigin(request.raw, verifier.trustedProxies);
    if (!secureTransport && !(isLoopback(sourceIp) && isLocalHost(request))) {
      const mend = 'Use https, or localhost on the machine itself.';
      throw new ApiError('NoPermission', 403, `A console password is not taken over plain http. ${mend}`);
    }
    const fields = readJsonObject(request.body as Buffer | undefined, SIGN_IN_LIMITS);
    const typed = textField(fields, 'UserName') ?? missing('UserName');
    const password = textField(fields, 'Password') ?? missing('Password');
    const newPassword = textField(fields, 'NewPassword');
    const userName = await signInName(means.db, means.accountId, typed);
    const note = noteOf(request);
    note.caller = { arn: `acs:ram::${means.accountId}:user/${userName.slice(0, 64)}`, accessKeyId: '' };
    note.asked.push({ action: 'console:SignIn', resource: '*' });
    const signIn = { userName, password, newPassword, sourceIp };
    const opener = await gate.pass(sourceIp ?? '', userName, () => checkConsolePassword(means.db, signIn, means.now()));
    await setRenewal(request, reply, opener);
    return openSession(request, reply, opener);
  });

  app.post('/session/renew', ANYBODY, async (request, reply) => {
    reply.header('cache-control', 'no-store');
    const token = cookieOf(request, cookieName);
    const nowMs = means.now();
    const renewal = token === undefined ? undefined : await findConsoleRenewal(means.db, token, nowMs);
    const opener = renewal && (await openerOf(renewal, request));
    // No error: every visitor of the sign-in form asks, and most have nothing to renew.
    if (!opener) return reply.code(204).send();
    return openSession(request, reply, opener);
  });

  app.delete('/session', async (request, reply) => {
    const caller = await callerOf(api, request);
    await closeConsoleSession(means.db, caller.accessKeyId);
    const token = cookieOf(request, cookieName);
    if (token !== undefined) await removeConsoleRenewal(means.db, token);
    reply.header('set-cookie', `${cookieName}=; Path=/api/v1/session; HttpOnly; SameSite=Strict; Max-Age=0`);
    return { RequestId: request.id };
  });

  app.post('/session/may', async (request) => {
    const body = request.body as Buffer | undefined;
    const principal = await callerOf(api, request, body);
    const { Calls: calls } = readJsonObject(body);
    if (!Array.isArray(calls) || calls.length > ASKED_AT_ONCE)
      throw invalidParameter('Calls', `it is not a list of at most ${ASKED_AT_ONCE} calls.`);
    return {
      RequestId: request.id,
      Allowed: calls.map((call: unknown) => {
        const fields = typeof call === 'object' && call !== null ? (call as Record<string, unknown>) : {};
        const action = textField(fields, 'Action') ?? missing('Action');
        const path = textField(fields, 'Resource') ?? '*';
        const resource = path === '*' ? path : `acs:cr:${means.regionId}:${means.accountId}:${path}`;
        return decide({ principal, action, resource }).allowed;
      }),
    };
  });

  async function openSession(request: FastifyRequest, reply: FastifyReply, opener: SessionOpener) {
    const session = await openConsoleSession(means, opener, means.now());
    const key = await verifier.account.findKey(session.accessKeyId);
    reply.header('cache-control', 'no-store');
    return {
      RequestId: request.id,
      AccessKeyId: session.accessKeyId,
      AccessKeySecret: session.accessKeySecret,
      SecurityToken: session.securityToken,
      ExpireTime: session.expiresMs,
      Arn: key?.principal.arn,
      InstanceId: instanceId,
      RegionId: means.regionId,
    };
  }

  /** Who renews, if the key or the password that opened the first session is still good. */
  async function openerOf(
    renewal: { openedBy: string; createdMs: number },
    request: FastifyRequest,
  ): Promise<SessionOpener | undefined> {
    const { openedBy, createdMs } = renewal;
    const key = await verifier.account.findKey(openedBy);
    if (key) {
      const ended = key.status !== 'Active' || (key.expiresMs ?? Number.POSITIVE_INFINITY) <= means.now();
      return ended ? undefined : { openedBy, endsMs: key.expiresMs };
    }
    const user = await passwordPrincipal(means.db, means.accountId, { openedBy, createdMs, accessKeyId: '' });
    if (!user) return undefined;
    const { sourceIp } = callOrigin(request.raw, verifier.trustedProxies);
    const { securityPreference } = await getAccountSettings(means.db);
    return maySignInFrom(securityPreference, sourceIp) ? { openedBy } : undefined;
  }

  async function setRenewal(request: FastifyRequest, reply: FastifyReply, opener: SessionOpener): Promise<void> {
    const nowMs = means.now();
    const { token, expiresMs } = await issueConsoleRenewal(means.db, opener, nowMs);
    const { secureTransport } = callOrigin(request.raw, verifier.trustedProxies);
    const maxAge = Math.floor((expiresMs - nowMs) / 1000);
    reply.header(
      'set-cookie',
      `${cookieName}=${token}; Path=/api/v1/session; HttpOnly; SameSite=Strict; Max-Age=${maxAge}${secureTransport ? '; Secure' : ''}`,
    );
  }
}

function cookieOf({ headers }: FastifyRequest, name: string): string | undefined {
  for (const pair of (headers.cookie ?? '').split(';')) {
    const [key, value] = pair.trim().split('=', 2);
    if (key === name && value !== undefined && /^[\w-]{43}$/.test(value)) return value;
  }
  return undefined;
}

function isLoopback(address: string | undefined): boolean {
  return address === '::1' || /^127\./.test(address ?? '');
}

function missing(name: string): never {
  throw missingParameter(name);
}
