import { createHash, timingSafeEqual } from 'node:crypto';
import type { AccountKeys } from '#account/account.ts';
import { type PasswordGate, RegistryPasswords } from '#account/registry-password.ts';
import { TEMPORARY_USERS, verifyTemporaryPassword } from '#account/temporary-password.ts';
import type { Principal } from '#ram/principal.ts';
import type { Means } from '#rpc/context.ts';
import type { LoginOrigin } from './tokens/token-service.ts';

/** What checks logins to the registry of one instance. */
export interface RegistryLoginMeans {
  readonly keys: AccountKeys;
  readonly means: Pick<Means, 'db' | 'secrets' | 'accountId' | 'now'>;
  readonly instanceId: string;
  readonly gate: PasswordGate;
}

/**
 * The user behind a user name and a password of the registry: the pair from GetAuthorizationToken, an access key pair,
 * or a login name with the password of ResetLoginPassword. Undefined for anything else. Throws `Throttling` 429 if
 * passwords are being guessed.
 */
export function registryLogin({ keys, means, instanceId, gate }: RegistryLoginMeans) {
  const passwords = new RegistryPasswords({ ...means, instanceId, gate });
  const identify = async (user: string, password: string, address: string, nowMs: number) => {
    if (TEMPORARY_USERS.includes(user)) {
      return verifyTemporaryPassword({ keys, secrets: means.secrets }, password, { instanceId, nowMs });
    }
    const key = await keys.findKey(user);
    if (key === undefined) {
      const principal = await passwords.verify(user, password, address);
      return principal && { principal };
    }
    // A temporary key is only half a credential: a user name and a password have no field for its token.
    const usable = key.status === 'Active' && key.securityToken === undefined;
    return usable && sameSecret(key.accessKeySecret, password) ? key : undefined;
  };
  return async (user: string, password: string, origin: LoginOrigin): Promise<Principal | undefined> => {
    const timeMs = means.now();
    const found = await identify(user, password, origin.sourceIp ?? '', timeMs);
    if (found === undefined) return undefined;
    if ('accessKeyId' in found) keys.noteUse?.(found, timeMs);
    return { ...found.principal, call: { timeMs, ...origin } };
  };
}

function sameSecret(expected: string, given: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(expected), digest(given));
}
