import { checkConsolePassword, signInName } from '#account/passwords/console-password.ts';
import { ApiError } from '#rpc/errors/api-error.ts';
import { callOrigin } from '#signature/call-origin.ts';
import { isLocalHost } from '../host-check.ts';
import { nativeOperation } from '../native-operation.ts';
import { openSession, setRenewal } from '../replies/console-session.ts';
import { noteOf } from '../request-note.ts';

/** `POST /session/password`: a session for a user's console password, over TLS or on the machine itself. */
export default nativeOperation('openSessionByPassword', async (context, params, exchange) => {
  const { db, accountId, now, signIns, verifier } = context;
  const { request } = exchange;
  const { sourceIp, secureTransport } = callOrigin(request.raw, verifier.trustedProxies);
  if (!secureTransport && !(isLoopback(sourceIp) && isLocalHost(request))) {
    const fix = 'Use https, or localhost on the machine itself.';
    throw new ApiError('NoPermission', 403, `A console password is not taken over plain http. ${fix}`);
  }
  const userName = await signInName(db, accountId, params.UserName);
  const note = noteOf(request);
  note.caller = { arn: `acs:ram::${accountId}:user/${userName.slice(0, 64)}`, accessKeyId: '' };
  note.asked.push({ action: 'console:SignIn', resource: '*' });
  const signIn = { userName, password: params.Password, newPassword: params.NewPassword, sourceIp };
  const opener = await signIns.pass(sourceIp ?? '', userName, () => checkConsolePassword(db, signIn, now()));
  await setRenewal(context, exchange, opener);
  return openSession(context, exchange, opener);
});

function isLoopback(address: string | undefined): boolean {
  return address === '::1' || /^127\./.test(address ?? '');
}
