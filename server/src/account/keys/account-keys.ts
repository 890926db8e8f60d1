import type { Database } from '#db/database.ts';
import type { SecretBox } from '#rpc/context.ts';
import { type AccessKey, type AccountKeys, rootKeys } from '../account.ts';
import { accountVersion } from '../account-version-store.ts';
import { passwordPrincipal } from '../passwords/console-password.ts';
import { rolePrincipal, userPrincipal } from '../principals.ts';
import { findRoleById } from '../role-store.ts';
import { consoleSessionKey } from '../sessions/console-session.ts';
import { findConsoleSession } from '../sessions/console-session-store.ts';
import { findSession, sessionRecords } from '../sessions/session-store.ts';
import { findUserById } from '../user-store.ts';
import { accessKeyRecord, findAccessKey, updateLastUsed } from './access-key-store.ts';

/** Where an account's keys are looked up. */
export interface AccountKeysMeans {
  readonly root: { accountId: string; accessKeyId: string; accessKeySecret: string };
  readonly db: Database;
  readonly secrets: SecretBox;
  /** Called if the last use of a key could not be recorded. Calls continue. */
  onFault(error: unknown): void;
}

const CACHED_KEYS = 1000;
const LAST_USED_GRAIN_MS = 60_000;

/**
 * All keys of the account: the owner's pair, users' keys and sessions' keys. A key's rights are cached until anything in the
 * account changes, on any server: each lookup compares the account's version.
 */
export function accountKeys({ root, db, secrets, onFault }: AccountKeysMeans): AccountKeys {
  const owner = rootKeys(root);
  const cache = new Map<string, { version: number; key: AccessKey }>();
  const usedMs = new Map<string, number>();
  const findOther = async (accessKeyId: string) => {
    const version = await accountVersion(db);
    const known = cache.get(accessKeyId);
    if (known?.version === version) return known.key;
    const key = await loadKey({ db, secrets, owner }, root.accountId, accessKeyId);
    // Do not cache unknown ids: strangers could fill the memory with them.
    if (!key) return undefined;
    if (cache.size >= CACHED_KEYS) cache.clear();
    cache.set(accessKeyId, { version, key });
    return key;
  };
  return {
    // The owner's pair needs no database read.
    findKey: (accessKeyId) => owner.findKey(accessKeyId) ?? findOther(accessKeyId),
    noteUse({ accessKeyId, principal }, nowMs) {
      if (principal.kind !== 'user' || nowMs - (usedMs.get(accessKeyId) ?? 0) < LAST_USED_GRAIN_MS) return;
      if (usedMs.size >= CACHED_KEYS) usedMs.clear();
      usedMs.set(accessKeyId, nowMs);
      updateLastUsed(db, accessKeyId, nowMs).catch(onFault);
    },
  };
}

/** Where the parts of a key come from. */
interface KeySources {
  db: Database;
  secrets: SecretBox;
  owner: AccountKeys;
}

async function loadKey(
  { db, secrets, owner }: KeySources,
  accountId: string,
  accessKeyId: string,
): Promise<AccessKey | undefined> {
  if (accessKeyId.startsWith('STS.')) return loadSessionKey({ db, secrets, owner }, accountId, accessKeyId);
  const row = await findAccessKey(db, accessKeyId);
  const user = row && (await findUserById(db, row.user_id));
  if (!user) return undefined;
  return {
    accessKeyId,
    accessKeySecret: secrets.open(accessKeyRecord(accessKeyId), row.sealed_secret),
    status: row.status === 'Active' ? 'Active' : 'Inactive',
    principal: await userPrincipal(db, accountId, user, accessKeyId),
  };
}

async function loadSessionKey(
  { db, secrets, owner }: KeySources,
  accountId: string,
  accessKeyId: string,
): Promise<AccessKey | undefined> {
  const session = await findSession(db, accessKeyId);
  if (!session) return loadConsoleKey({ db, secrets, owner }, accountId, accessKeyId);
  const role = await findRoleById(db, session.role_id);
  if (!role) return undefined;
  const records = sessionRecords(accessKeyId);
  return {
    accessKeyId,
    accessKeySecret: secrets.open(records.secret, session.sealed_secret),
    securityToken: secrets.open(records.token, session.sealed_token),
    expiresMs: session.expires_ms,
    status: 'Active',
    principal: await rolePrincipal(db, accountId, role, { accessKeyId, name: session.name, policy: session.policy }),
  };
}

/** The key of a console session. It ends with the key or the password that opened the session. */
async function loadConsoleKey(
  sources: KeySources,
  accountId: string,
  accessKeyId: string,
): Promise<AccessKey | undefined> {
  const session = await findConsoleSession(sources.db, accessKeyId);
  if (!session) return undefined;
  const openedBy =
    (await sources.owner.findKey(session.opened_by)) ??
    (await loadKey(sources, accountId, session.opened_by)) ??
    (await passwordOpener(sources.db, accountId, session));
  return openedBy && consoleSessionKey(sources.secrets, session, openedBy);
}

async function passwordOpener(
  db: Database,
  accountId: string,
  session: { access_key_id: string; opened_by: string; created_ms: number },
): Promise<Pick<AccessKey, 'status' | 'principal'> | undefined> {
  const { access_key_id: accessKeyId, opened_by: openedBy, created_ms: createdMs } = session;
  const principal = await passwordPrincipal(db, accountId, { openedBy, createdMs, accessKeyId });
  return principal && { status: 'Active', principal };
}
