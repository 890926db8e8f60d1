import { revokeBearerToken } from '#account/keys/bearer-token-store.ts';
import { ApiError } from '#rpc/errors/api-error.ts';
import { nativeOperation } from '../native-operation.ts';

/** `DELETE /tokens/ID`: revokes one of the caller's bearer tokens. */
export default nativeOperation('deleteToken', async ({ db, principal }, { tokenId }) => {
  if (await revokeBearerToken(db, principal, tokenId)) return {};
  throw new ApiError('BEARER_TOKEN_NOT_EXIST', 404, 'You have no bearer token with this TokenId to revoke.');
});
