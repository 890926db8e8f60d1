import { listBearerTokens } from '#account/bearer-token-store.ts';
import { nativeOperation } from '../native-operation.ts';
import { tokenReply } from '../token-reply.ts';

/** `GET /tokens`: the caller's bearer tokens. */
export default nativeOperation('listTokens', async ({ db, principal, now }) => {
  const tokens = await listBearerTokens(db, principal, now());
  return { Tokens: tokens.map(tokenReply) };
});
