import { createHmac, randomBytes } from 'node:crypto';
import type { Database } from '#db/database.ts';
import type { Principal } from '#ram/principal.ts';
import { ApiError } from '#rpc/errors/api-error.ts';
import { getAccountSettings } from './passwords/account-settings-store.ts';
import { signInName } from './passwords/console-password.ts';
import { verifyPassword } from './passwords/password-hash.ts';
import { refusedPassword } from './passwords/password-policy.ts';
import { userPrincipal } from './principals.ts';
import { findRegistryPassword, type PasswordOwner } from './registry-password-store.ts';
import { findUser } from './user-store.ts';

/** Slows down password guessing. Implemented by `SignInGate` of the native API. */
export interface PasswordGate {
  /** Throws `Throttling` 429. */
  refuse(address: string, userName: string): Promise<void>;
  /** Counts a failure if `check` throws `IncorrectPassword`. Throws `Throttling` 429. */
  pass<R>(address: string, userName: string, check: () => Promise<R>): Promise<R>;
}

const [SHORTEST, LONGEST] = [8, 32];
const LONGEST_NAME = 200;
const REMEMBERED = 1000;

/**
 * Throws `InvalidParameter.Password` for a password that the vendor does not accept: shorter than 8 or longer than 32
 * characters, or with only one of letters, digits and symbols.
 */
export function checkRegistryPassword(password: string): void {
  const kinds = [/\p{L}/u, /\p{Nd}/u, /[^\p{L}\p{Nd}]/u].filter((kind) => kind.test(password));
  const characters = [...password].length;
  const mistakes: [broken: boolean, rule: string][] = [
    [
      characters < SHORTEST || characters > LONGEST,
      `it has ${characters} characters; ${SHORTEST} to ${LONGEST} are allowed`,
    ],
    [/\p{C}/u.test(password), 'it contains a control character'],
    [kinds.length < 2, 'it needs at least two of letters, digits and symbols'],
  ];
  const [, rule] = mistakes.find(([broken]) => broken) ?? [];
  if (rule !== undefined) throw refusedPassword(rule);
}

/** The owner of a principal's registry password. Throws for a role's session, which has none. */
export function passwordOwnerOf(principal: Principal): PasswordOwner {
  if (principal.kind === 'root') return { kind: 'root', id: principal.accountId };
  if (principal.kind === 'user') return { kind: 'user', id: principal.userId };
  const message =
    'A role has no permanent password, because its sessions end. Log in with the password that GetAuthorizationToken returns.';
  throw new ApiError('UnsupportedOperation', 400, message);
}

/** Checks the permanent passwords of one instance's registry. */
export class RegistryPasswords {
  readonly #db: Database;
  readonly #accountId: string;
  readonly #instanceId: string;
  readonly #gate: PasswordGate;
  // A pull checks its password every few minutes. While the hash is the same, a correct password is recognized without scrypt.
  readonly #key = randomBytes(32);
  readonly #correct = new Map<string, string>();
  readonly #checking = new Map<string, Promise<boolean>>();

  constructor(options: { db: Database; accountId: string; instanceId: string; gate: PasswordGate }) {
    this.#db = options.db;
    this.#accountId = options.accountId;
    this.#instanceId = options.instanceId;
    this.#gate = options.gate;
  }

  /**
   * The principal with this login name and password, with its current policies. Undefined if they are wrong, after the same
   * time. Login names are the vendor's: `USER@ALIAS` or `USER@ACCOUNT_ID`, with or without a trailing `.onaliyun.com`; for the
   * owner, the alias or the account's id. Throws `Throttling` 429 after too many failures.
   */
  async verify(loginName: string, password: string, address: string): Promise<Principal | undefined> {
    if (loginName.length > LONGEST_NAME) return undefined;
    const isOwner = await this.#isOwner(loginName);
    if (!isOwner && !loginName.includes('@')) return undefined;
    await this.#gate.refuse(address, loginName);
    const principal = isOwner ? this.#ownerPrincipal() : await this.#userPrincipal(loginName);
    const hash = principal && (await findRegistryPassword(this.#db, this.#instanceId, passwordOwnerOf(principal)));
    return (await this.#isCorrect(loginName, password, hash, address)) ? principal : undefined;
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

  /** Concurrent checks of the same password share one computation. */
  async #isCorrect(loginName: string, password: string, hash: string | undefined, address: string): Promise<boolean> {
    const mark = createHmac('sha256', this.#key)
      .update(`${hash ?? loginName}\0${password}`)
      .digest('base64');
    if (hash !== undefined && this.#correct.get(hash) === mark) return true;
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
    const [oldest] = this.#correct.keys();
    if (oldest !== undefined && this.#correct.size >= REMEMBERED) this.#correct.delete(oldest);
    this.#correct.set(hash, mark);
  }
}
