import type { Selectable } from 'kysely';
import type { Database } from '#db/database.ts';
import type { RamGroupTable } from '#db/schema/account-schema.ts';
import { alreadyExists, deleteConflict, notExist } from './errors.ts';
import type { MarkerPage } from './marker-page.ts';
import { ramTime } from './names.ts';
import type { UserRow } from './user-store.ts';

/** A group of users, as stored. */
export type GroupRow = Selectable<RamGroupTable>;

/** The group with this name. Throws EntityNotExist.Group. */
export async function getGroup(db: Database, name: string): Promise<GroupRow> {
  const row = await db.selectFrom('ram_group').selectAll().where('name', '=', name).executeTakeFirst();
  if (!row) throw notExist('EntityNotExist.Group', name);
  return row;
}

/** The groups with these ids. */
export function listGroupsById(db: Database, groupIds: readonly string[]): Promise<GroupRow[]> {
  return db.selectFrom('ram_group').selectAll().where('group_id', 'in', groupIds).orderBy('name').execute();
}

/** Inserts a group. Throws EntityAlreadyExists.Group. */
export async function insertGroup(db: Database, group: GroupRow): Promise<void> {
  await refuseTaken(db, group.name);
  await db.insertInto('ram_group').values(group).execute();
}

/** Updates a group; `group.name` may be a new name. Throws EntityAlreadyExists.Group. */
export async function updateGroup(db: Database, group: GroupRow): Promise<void> {
  await refuseTaken(db, group.name, group.group_id);
  await db.updateTable('ram_group').set(group).where('group_id', '=', group.group_id).execute();
}

/** Removes a group that has no members and no policies. Throws DeleteConflict.Group.*. */
export async function removeGroup(db: Database, { group_id, name }: GroupRow): Promise<void> {
  const member = await db
    .selectFrom('ram_group_member')
    .select('user_id')
    .where('group_id', '=', group_id)
    .executeTakeFirst();
  if (member) throw deleteConflict('DeleteConflict.Group.User', name);
  const attached = await db
    .selectFrom('ram_attachment')
    .select('policy_name')
    .where('target_kind', '=', 'group')
    .where('target_id', '=', group_id)
    .executeTakeFirst();
  if (attached) throw deleteConflict('DeleteConflict.Group.Policy', name);
  await db.deleteFrom('ram_group').where('group_id', '=', group_id).execute();
}

/** Groups sorted by name, one more than the page needs. */
export function listGroups(db: Database, { after, limit }: MarkerPage): Promise<GroupRow[]> {
  return db
    .selectFrom('ram_group')
    .selectAll()
    .where('name', '>', after)
    .orderBy('name')
    .limit(limit + 1)
    .execute();
}

/** Adds a user to a group. Throws EntityAlreadyExists.User.Group. */
export async function insertMember(db: Database, group: GroupRow, user: UserRow, nowMs: number): Promise<void> {
  const result = await db
    .insertInto('ram_group_member')
    .values({ group_id: group.group_id, user_id: user.user_id, joined_ms: nowMs })
    .onConflict((conflict) => conflict.columns(['group_id', 'user_id']).doNothing())
    .executeTakeFirst();
  if (result.numInsertedOrUpdatedRows !== 1n) throw alreadyExists('EntityAlreadyExists.User.Group', user.name);
}

/** Removes a user from a group. Throws EntityNotExist.User.Group. */
export async function removeMember(db: Database, group: GroupRow, user: UserRow): Promise<void> {
  const result = await db
    .deleteFrom('ram_group_member')
    .where('group_id', '=', group.group_id)
    .where('user_id', '=', user.user_id)
    .executeTakeFirst();
  if (result.numDeletedRows !== 1n) throw notExist('EntityNotExist.User.Group', user.name);
}

/** The groups of a user, sorted by name, and when the user joined each. */
export function listGroupsOf(db: Database, user: UserRow): Promise<(GroupRow & { joined_ms: number })[]> {
  return db
    .selectFrom('ram_group_member as m')
    .innerJoin('ram_group as g', 'g.group_id', 'm.group_id')
    .selectAll('g')
    .select('m.joined_ms')
    .where('m.user_id', '=', user.user_id)
    .orderBy('g.name')
    .execute();
}

/** The users of a group, sorted by name, and when each joined; one more than the page needs. */
export function listMembers(
  db: Database,
  group: GroupRow,
  { after, limit }: MarkerPage,
): Promise<{ name: string; display_name: string; joined_ms: number }[]> {
  return db
    .selectFrom('ram_group_member as m')
    .innerJoin('ram_user as u', 'u.user_id', 'm.user_id')
    .select(['u.name', 'u.display_name', 'm.joined_ms'])
    .where('m.group_id', '=', group.group_id)
    .where('u.name', '>', after)
    .orderBy('u.name')
    .limit(limit + 1)
    .execute();
}

/** A group, as in replies. */
export function groupReply(group: GroupRow) {
  return {
    GroupId: group.group_id,
    GroupName: group.name,
    Comments: group.comments,
    CreateDate: ramTime(group.created_ms),
    UpdateDate: ramTime(group.modified_ms),
  };
}

async function refuseTaken(db: Database, name: string, exceptId = ''): Promise<void> {
  const row = await db
    .selectFrom('ram_group')
    .select('group_id')
    .where('name', '=', name)
    .where('group_id', '!=', exceptId)
    .executeTakeFirst();
  if (row) throw alreadyExists('EntityAlreadyExists.Group', name);
}
