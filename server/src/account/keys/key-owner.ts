import type { Principal } from '#ram/principal.ts';
import { missingParameter } from '#rpc/api-error.ts';

interface Named {
  readonly UserName?: string | undefined;
}

/** Whose keys a call is about: the user who is named, else the one who calls. Throws where neither is a user. */
export function keyOwner({ principal }: { principal: Principal }, { UserName }: Named): string {
  if (UserName !== undefined) return UserName;
  if (principal.kind === 'user') return principal.userName;
  // The owner's pair is set at the start of the server, and roles have no keys.
  throw missingParameter('UserName');
}

/** The resource of such a call: the named user by the pattern of the spec, else the one who calls. */
export function keyOwnerResource({ principal }: { principal: Principal }, { UserName }: Named): string | undefined {
  return UserName === undefined && principal.kind === 'user' ? `user/${principal.userName}` : undefined;
}
