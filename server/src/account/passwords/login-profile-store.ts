import type { Selectable } from 'kysely';
import type { Database } from '#db/database.ts';
import type { RamLoginProfileTable } from '#db/schema/account-schema.ts';
import { alreadyExists, notExist } from '../errors.ts';
import { ramTime } from '../names.ts';
import type { UserRow } from '../user-store.ts';
import { removePasswordHistory } from './password-history-store.ts';

/** A user's console password and its state. */
export type LoginProfileRow = Selectable<RamLoginProfileTable>;

/** The user's login profile. Throws EntityNotExist.User.LoginProfile. */
export async function getLoginProfile(db: Database, user: Pick<UserRow, 'user_id' | 'name'>): Promise<LoginProfileRow> {
  const row = await findLoginProfile(db, user);
  if (!row) throw notExist('EntityNotExist.User.LoginProfile', user.name);
  return row;
}

/** The login profile of the user with this name, with the name; undefined if there is no such user, or no password. */
export function findLoginProfileOf(
  db: Database,
  userName: string,
): Promise<(LoginProfileRow & { name: string }) | undefined> {
  return db
    .selectFrom('ram_user as u')
    .innerJoin('ram_login_profile as p', 'p.user_id', 'u.user_id')
    .selectAll('p')
    .select('u.name')
    .where('u.name', '=', userName)
    .executeTakeFirst();
}

/** The user's login profile, or undefined. */
export function findLoginProfile(
  db: Database,
  { user_id }: Pick<UserRow, 'user_id'>,
): Promise<LoginProfileRow | undefined> {
  return db.selectFrom('ram_login_profile').selectAll().where('user_id', '=', user_id).executeTakeFirst();
}

/** Inserts a user's login profile. Throws EntityAlreadyExists.User.LoginProfile. */
export async function insertLoginProfile(db: Database, user: UserRow, profile: LoginProfileRow): Promise<void> {
  if (await findLoginProfile(db, user)) throw alreadyExists('EntityAlreadyExists.User.LoginProfile', user.name);
  await db.insertInto('ram_login_profile').values(profile).execute();
}

/** Updates a user's login profile. */
export async function updateLoginProfile(db: Database, profile: LoginProfileRow): Promise<void> {
  await db.updateTable('ram_login_profile').set(profile).where('user_id', '=', profile.user_id).execute();
}

/** Removes a user's password. */
export async function removeLoginProfile(db: Database, { user_id }: LoginProfileRow): Promise<void> {
  await db.deleteFrom('ram_login_profile').where('user_id', '=', user_id).execute();
  await removePasswordHistory(db, user_id);
}

/** A login profile, as in replies. */
export function loginProfileReply(user: UserRow, profile: LoginProfileRow) {
  return {
    UserName: user.name,
    PasswordResetRequired: profile.password_reset_required === 1,
    MFABindRequired: false,
    CreateDate: ramTime(profile.created_ms),
  };
}
