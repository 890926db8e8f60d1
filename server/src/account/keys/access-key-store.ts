import type { Selectable } from 'kysely';
import type { Database } from '#db/database.ts';
import type { RamAccessKeyTable } from '#db/schema/account-schema.ts';
import { limitExceeded, notExist } from '../errors.ts';
import type { UserRow } from '../user-store.ts';

/** A key pair, as stored. */
export type AccessKeyRow = Selectable<RamAccessKeyTable>;

const KEYS_EACH = 2;

/** The record id for which a key's secret is sealed. */
export function accessKeyRecord(accessKeyId: string): string {
  return `ram_access_key/${accessKeyId}`;
}

/** Inserts a key. Throws LimitExceeded.User.AccessKey if the user has two already. */
export async function insertAccessKey(db: Database, user: UserRow, key: AccessKeyRow): Promise<void> {
  const keys = await listAccessKeys(db, user);
  if (keys.length >= KEYS_EACH) throw limitExceeded('LimitExceeded.User.AccessKey', user.name);
  await db.insertInto('ram_access_key').values(key).execute();
}

/** The user's key with this id. Throws EntityNotExist.User.AccessKey. */
export async function getAccessKey(db: Database, user: UserRow, accessKeyId: string): Promise<AccessKeyRow> {
  const keys = await listAccessKeys(db, user);
  const key = keys.find(({ access_key_id }) => access_key_id === accessKeyId);
  if (!key) throw notExist('EntityNotExist.User.AccessKey', accessKeyId);
  return key;
}

/** The key with this id, or undefined. */
export function findAccessKey(db: Database, accessKeyId: string): Promise<AccessKeyRow | undefined> {
  return db.selectFrom('ram_access_key').selectAll().where('access_key_id', '=', accessKeyId).executeTakeFirst();
}

/** The newest key of all users, or undefined. */
export function findNewestAccessKey(db: Database): Promise<AccessKeyRow | undefined> {
  return db.selectFrom('ram_access_key').selectAll().orderBy('created_ms', 'desc').limit(1).executeTakeFirst();
}

/** The user's keys, oldest first. */
export function listAccessKeys(db: Database, { user_id }: UserRow): Promise<AccessKeyRow[]> {
  return db
    .selectFrom('ram_access_key')
    .selectAll()
    .where('user_id', '=', user_id)
    .orderBy('created_ms')
    .orderBy('access_key_id')
    .execute();
}

/** Enables or disables a key. */
export async function updateAccessKeyStatus(
  db: Database,
  { access_key_id }: AccessKeyRow,
  status: 'Active' | 'Inactive',
): Promise<void> {
  await db.updateTable('ram_access_key').set({ status }).where('access_key_id', '=', access_key_id).execute();
}

/** Removes a key. */
export async function removeAccessKey(db: Database, { access_key_id }: AccessKeyRow): Promise<void> {
  await db.deleteFrom('ram_access_key').where('access_key_id', '=', access_key_id).execute();
}

/** Records when a key last signed a call. */
export async function updateLastUsed(db: Database, accessKeyId: string, nowMs: number): Promise<void> {
  await db
    .updateTable('ram_access_key')
    .set({ last_used_ms: nowMs })
    .where('access_key_id', '=', accessKeyId)
    .execute();
}
