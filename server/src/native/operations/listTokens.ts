import { listBearerTokens } from '#account/keys/bearer-token-store.ts';
import { nativeOperation } from '../native-operation.ts';
import { tokenReply } from '../replies/token-reply.ts';

/** `GET /tokens`: the caller's bearer tokens. */
export default nativeOperation('listTokens', async ({ db, principal, now }) => {
  const tokens = await listBearerTokens(db, principal, now());
  return { Tokens: tokens.map(tokenReply) };
});
