import type { Principal } from '#ram/principal.ts';
import { missingParameter } from '#rpc/errors/api-error.ts';

interface Named {
  readonly UserName?: string | undefined;
}

/** Whose keys a call is about: the named user's, or else the caller's. Throws if the caller is not a user. */
export function keyOwner({ principal }: { principal: Principal }, { UserName }: Named): string {
  if (UserName !== undefined) return UserName;
  if (principal.kind === 'user') return principal.userName;
  // The owner's key pair is set when the server starts, and roles have no keys.
  throw missingParameter('UserName');
}

/** The resource of such a call: the caller, or undefined if the spec's pattern gives the named user. */
export function keyOwnerResource({ principal }: { principal: Principal }, { UserName }: Named): string | undefined {
  return UserName === undefined && principal.kind === 'user' ? `user/${principal.userName}` : undefined;
}
