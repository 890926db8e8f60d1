import { issueBearerToken } from '#account/keys/bearer-token-store.ts';
import { nativeOperation } from '../native-operation.ts';
import { tokenReply } from '../replies/token-reply.ts';

/**
 * `POST /tokens`: a bearer token with the caller's rights. A bearer token cannot make further tokens, since
 * it could then renew itself forever.
 */
export default nativeOperation('createToken', async (context) => {
  const { db, principal, verifier } = context;
  const issue = { tokenId: context.newId('tok'), nowMs: context.now() };
  const { token, ...issued } = await issueBearerToken(db, verifier.account, principal, issue);
  return { Token: token, ...tokenReply(issued) };
});
