import type { Selectable } from 'kysely';
import type { Database } from '#db/database.ts';
import type { RamUserTable } from '#db/schema/account-schema.ts';
import { alreadyExists, deleteConflict, notExist } from './errors.ts';
import type { MarkerPage } from './marker-page.ts';
import { removeRegistryPasswords } from './registry-password-store.ts';
import { removeTags } from './tags/tag-store.ts';

/** A user, as stored. `name` can change, `user_id` cannot. */
export type UserRow = Selectable<RamUserTable>;

/** The user with this name. Throws EntityNotExist.User. */
export async function getUser(db: Database, name: string): Promise<UserRow> {
  const row = await findUser(db, name);
  if (!row) throw notExist('EntityNotExist.User', name);
  return row;
}

/** The user with this name, or undefined. */
export function findUser(db: Database, name: string): Promise<UserRow | undefined> {
  return db.selectFrom('ram_user').selectAll().where('name', '=', name).executeTakeFirst();
}

/** The user with this id, or undefined. */
export function findUserById(db: Database, userId: string): Promise<UserRow | undefined> {
  return db.selectFrom('ram_user').selectAll().where('user_id', '=', userId).executeTakeFirst();
}

/** The users with these ids. */
export function listUsersById(db: Database, userIds: readonly string[]): Promise<UserRow[]> {
  return db.selectFrom('ram_user').selectAll().where('user_id', 'in', userIds).orderBy('name').execute();
}

/** Inserts a user. Throws EntityAlreadyExists.User. */
export async function insertUser(db: Database, user: UserRow): Promise<void> {
  await refuseTaken(db, user.name);
  await db.insertInto('ram_user').values(user).execute();
}

/** Updates a user; `user.name` may be a new name. Throws EntityAlreadyExists.User. */
export async function updateUser(db: Database, user: UserRow): Promise<void> {
  await refuseTaken(db, user.name, user.user_id);
  await db.updateTable('ram_user').set(user).where('user_id', '=', user.user_id).execute();
}

/** Records when a user last signed in to the console. */
export async function updateLastLogin(db: Database, userId: string, nowMs: number): Promise<void> {
  await db.updateTable('ram_user').set({ last_login_ms: nowMs }).where('user_id', '=', userId).execute();
}

/** Removes a user who has no keys, password, groups or policies. Throws DeleteConflict.User.*. */
export async function removeUser(db: Database, { user_id, name }: UserRow): Promise<void> {
  const owned = [
    ['ram_access_key', 'DeleteConflict.User.AccessKey'],
    ['ram_login_profile', 'DeleteConflict.User.LoginProfile'],
    ['ram_group_member', 'DeleteConflict.User.Group'],
  ] as const;
  for (const [table, code] of owned) {
    const row = await db.selectFrom(table).select('user_id').where('user_id', '=', user_id).limit(1).executeTakeFirst();
    if (row) throw deleteConflict(code, name);
  }
  const attached = await db
    .selectFrom('ram_attachment')
    .select('policy_name')
    .where('target_kind', '=', 'user')
    .where('target_id', '=', user_id)
    .limit(1)
    .executeTakeFirst();
  if (attached) throw deleteConflict('DeleteConflict.User.Policy', name);
  await db.deleteFrom('ram_user').where('user_id', '=', user_id).execute();
  await removeTags(db, { kind: 'user', id: user_id });
  await removeRegistryPasswords(db, { kind: 'user', id: user_id });
}

/** Users sorted by name, one more than the page needs. */
export function listUsers(db: Database, { after, limit }: MarkerPage): Promise<UserRow[]> {
  return db
    .selectFrom('ram_user')
    .selectAll()
    .where('name', '>', after)
    .orderBy('name')
    .limit(limit + 1)
    .execute();
}

async function refuseTaken(db: Database, name: string, exceptId = ''): Promise<void> {
  const row = await db
    .selectFrom('ram_user')
    .select('user_id')
    .where('name', '=', name)
    .where('user_id', '!=', exceptId)
    .executeTakeFirst();
  if (row) throw alreadyExists('EntityAlreadyExists.User', name);
}
