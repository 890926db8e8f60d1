import { getAccountSettings } from '#account/passwords/account-settings-store.ts';
import { passwordPrincipal } from '#account/passwords/console-password.ts';
import { maySignInFrom } from '#account/passwords/security-preference.ts';
import { findConsoleRenewal } from '#account/sessions/console-renewal-store.ts';
import type { SessionOpener } from '#account/sessions/console-session.ts';
import { callOrigin } from '#signature/call-origin.ts';
import { type Exchange, type NativeContext, nativeOperation } from '../native-operation.ts';
import { openSession, renewalOf } from '../replies/console-session.ts';
import { noteOf } from '../request-note.ts';

/** `POST /session/renew`: a session for the cookie of an earlier one. */
export default nativeOperation('renewSession', async (context, _params, exchange) => {
  const { request, reply } = exchange;
  reply.header('cache-control', 'no-store');
  const token = renewalOf(request, context.instanceId);
  const renewal = token === undefined ? undefined : await findConsoleRenewal(context.db, token, context.now());
  const opener = renewal && (await openerOf(context, renewal, exchange));
  if (opener) {
    noteOf(request).asked.push({ action: 'console:RenewSession', resource: '*' });
    return openSession(context, exchange, opener);
  }
  // Not an error: every visitor of the sign-in form asks, and most have nothing to renew.
  reply.code(204).send();
  return undefined;
});

/** The caller to renew for, if the key or password that opened the first session is still valid. */
async function openerOf(
  { db, accountId, now, verifier }: NativeContext,
  { openedBy, createdMs }: { openedBy: string; createdMs: number },
  { request }: Exchange,
): Promise<SessionOpener | undefined> {
  const key = await verifier.account.findKey(openedBy);
  if (key) {
    const hasEnded = key.status !== 'Active' || (key.expiresMs ?? Number.POSITIVE_INFINITY) <= now();
    return hasEnded ? undefined : { openedBy, endsMs: key.expiresMs };
  }
  const user = await passwordPrincipal(db, accountId, { openedBy, createdMs, accessKeyId: '' });
  if (!user) return undefined;
  const { sourceIp } = callOrigin(request.raw, verifier.trustedProxies);
  const { securityPreference } = await getAccountSettings(db);
  return maySignInFrom(securityPreference, sourceIp) ? { openedBy } : undefined;
}
