import { createHmac, randomBytes } from 'node:crypto';
import type { Database } from '#db/database.ts';
import type { Principal } from '#ram/principal.ts';
import { ApiError } from '#rpc/api-error.ts';
import { getAccountSettings } from './passwords/account-settings.ts';
import { signInName } from './passwords/console-password.ts';
import { verifyPassword } from './passwords/password-hash.ts';
import { refusedPassword } from './passwords/password-policy.ts';
import { userPrincipal } from './principals.ts';
import { findRegistryPassword, type PasswordOwner } from './registry-password-store.ts';
import { findUser } from './user-store.ts';

/** Slows the guessing of passwords: `SignInGate` of the native API. */
export interface PasswordGate {
  /** Throws `Throttling` 429. */
  refuse(address: string, userName: string): void;
  /** Counts a failure where `check` throws `IncorrectPassword`. Throws `Throttling` 429. */
  pass<R>(address: string, userName: string, check: () => Promise<R>): Promise<R>;
}

const [SHORTEST, LONGEST] = [8, 32];
const LONGEST_NAME = 200;
const REMEMBERED = 1000;

/**
 * Throws `InvalidParameter.Password` for what the vendor does not take: other than 8 to 32 characters, or only one of
 * letters, digits and symbols.
 */
export function checkRegistryPassword(password: string): void {
  const kinds = [/\p{L}/u, /\p{Nd}/u, /[^\p{L}\p{Nd}]/u].filter((kind) => kind.test(password));
  const characters = [...password].length;
  const mistakes: [broken: boolean, rule: string][] = [
    [
      characters < SHORTEST || characters > LONGEST,
      `it has ${characters} characters; ${SHORTEST} to ${LONGEST} are allowed`,
    ],
    [/\p{C}/u.test(password), 'it has a control character'],
    [kinds.length < 2, 'it needs at least two of letters, digits and symbols'],
  ];
  const [, rule] = mistakes.find(([broken]) => broken) ?? [];
  if (rule !== undefined) throw refusedPassword(rule);
}

/** Who has a registry password: the owner by the account's id, a user by the user's. Throws for the session of a role. */
export function passwordOwnerOf(principal: Principal): PasswordOwner {
  if (principal.kind === 'root') return { kind: 'root', id: principal.accountId };
  if (principal.kind === 'user') return { kind: 'user', id: principal.userId };
  const message =
    'A role has no lasting password: its sessions end. Log in with what GetAuthorizationToken gives the session.';
  throw new ApiError('UnsupportedOperation', 400, message);
}

/** Checks the lasting passwords of one instance's registry. */
export class RegistryPasswords {
  readonly #db: Database;
  readonly #accountId: string;
  readonly #instanceId: string;
  readonly #gate: PasswordGate;
  // A pull asks every few minutes: what was right once is known again without scrypt, as long as the hash is the same.
  readonly #key = randomBytes(32);
  readonly #right = new Map<string, string>();
  readonly #checking = new Map<string, Promise<boolean>>();

  constructor(options: { db: Database; accountId: string; instanceId: string; gate: PasswordGate }) {
    this.#db = options.db;
    this.#accountId = options.accountId;
    this.#instanceId = options.instanceId;
    this.#gate = options.gate;
  }

  /**
   * Whoever has this login name and password, with the policies of now; undefined for others, after the same time. Login names
   * are the vendor's: `USER@ALIAS`, `USER@ACCOUNT_ID`, both with `.onaliyun.com` behind or not, and of the owner the alias or the
   * account's id. Throws `Throttling` 429 after too many failures.
   */
  async verify(loginName: string, password: string, address: string): Promise<Principal | undefined> {
    if (loginName.length > LONGEST_NAME) return undefined;
    const isOwner = await this.#isOwner(loginName);
    if (!isOwner && !loginName.includes('@')) return undefined;
    this.#gate.refuse(address, loginName);
    const principal = isOwner ? this.#ownerPrincipal() : await this.#userPrincipal(loginName);
    const hash = principal && (await findRegistryPassword(this.#db, this.#instanceId, passwordOwnerOf(principal)));
    return (await this.#isRight(loginName, password, hash, address)) ? principal : undefined;
  }

  async #isOwner(loginName: string): Promise<boolean> {
    return loginName === this.#accountId || loginName === (await getAccountSettings(this.#db)).alias;
  }

  #ownerPrincipal(): Principal {
    const accountId = this.#accountId;
    return { kind: 'root', accountId, accessKeyId: '', arn: `acs:ram::${accountId}:root` };
  }

  async #userPrincipal(loginName: string): Promise<Principal | undefined> {
    const user = await findUser(this.#db, await signInName(this.#db, this.#accountId, loginName));
    return user && userPrincipal(this.#db, this.#accountId, user, '');
  }

  /** Those who ask the same at the same time share one check. */
  async #isRight(loginName: string, password: string, hash: string | undefined, address: string): Promise<boolean> {
    const mark = createHmac('sha256', this.#key)
      .update(`${hash ?? loginName}\0${password}`)
      .digest('base64');
    if (hash !== undefined && this.#right.get(hash) === mark) return true;
    const known = this.#checking.get(mark);
    if (known) return known;
    const checking = this.#gate
      .pass(address, loginName, async () => {
        if (!(await verifyPassword(password, hash))) throw new ApiError('IncorrectPassword', 403, 'wrong');
        if (hash !== undefined) this.#remember(hash, mark);
        return true;
      })
      .catch((error: unknown) => {
        if (error instanceof ApiError && error.code === 'IncorrectPassword') return false;
        throw error;
      })
      .finally(() => this.#checking.delete(mark));
    this.#checking.set(mark, checking);
    return checking;
  }

  #remember(hash: string, mark: string): void {
    const [oldest] = this.#right.keys();
    if (oldest !== undefined && this.#right.size >= REMEMBERED) this.#right.delete(oldest);
    this.#right.set(hash, mark);
  }
}
