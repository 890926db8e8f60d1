import type { BearerToken } from '#account/keys/bearer-token-store.ts';
import type { Token } from '#rpc/native-types.gen.ts';

/** A bearer token without its text. */
export function tokenReply(token: BearerToken): Token {
  return {
    TokenId: token.tokenId,
    AccessKeyId: token.accessKeyId,
    CreateTime: token.createdMs,
    ExpireTime: token.expiresMs,
  };
}
