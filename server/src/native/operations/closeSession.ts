import { removeConsoleRenewal } from '#account/sessions/console-renewal-store.ts';
import { closeConsoleSession } from '#account/sessions/console-session.ts';
import { nativeOperation } from '../native-operation.ts';
import { clearRenewal, renewalOf } from '../replies/console-session.ts';

/** `DELETE /session`: ends the session whose key signed the request, and its renewal. */
export default nativeOperation('closeSession', async ({ db, instanceId, principal }, _params, { request, reply }) => {
  await closeConsoleSession(db, principal.accessKeyId);
  const token = renewalOf(request, instanceId);
  if (token !== undefined) await removeConsoleRenewal(db, token);
  clearRenewal(reply, instanceId);
  return {};
});
