import { signedOpener } from '#account/sessions/console-session.ts';
import { nativeOperation } from '../native-operation.ts';
import { openSession, setRenewal } from '../replies/console-session.ts';

/**
 * `POST /session`: temporary credentials of the same identity, for the console to sign with, and the cookie that renews
 * them.
 */
export default nativeOperation('openSession', async (context, _params, exchange) => {
  const opener = await signedOpener(context.db, context.verifier.account, context.principal);
  await setRenewal(context, exchange, opener);
  return openSession(context, exchange, opener);
});
