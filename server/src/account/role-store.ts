import type { Selectable } from 'kysely';
import type { Database } from '#db/database.ts';
import type { RamRoleTable } from '#db/schema/account-schema.ts';
import { invalidParameter } from '#rpc/errors/api-error.ts';
import { alreadyExists, deleteConflict, notExist } from './errors.ts';
import { ramTime } from './names.ts';
import { removeTags } from './tags/tag-store.ts';

/** A role, as stored. */
export type RoleRow = Selectable<RamRoleTable>;

const SHORTEST_SESSION_SECONDS = 3600;
const LONGEST_SESSION_SECONDS = 43_200;

/** The role with this name. Throws EntityNotExist.Role. */
export async function getRole(db: Database, name: string): Promise<RoleRow> {
  const row = await findRole(db, name);
  if (!row) throw notExist('EntityNotExist.Role', name);
  return row;
}

/** The role with this name, or undefined. */
export function findRole(db: Database, name: string): Promise<RoleRow | undefined> {
  return db.selectFrom('ram_role').selectAll().where('name', '=', name).executeTakeFirst();
}

/** The role with this id, or undefined. */
export function findRoleById(db: Database, roleId: string): Promise<RoleRow | undefined> {
  return db.selectFrom('ram_role').selectAll().where('role_id', '=', roleId).executeTakeFirst();
}

/** The roles with these ids. */
export function listRolesById(db: Database, roleIds: readonly string[]): Promise<RoleRow[]> {
  return db.selectFrom('ram_role').selectAll().where('role_id', 'in', roleIds).orderBy('name').execute();
}

/** Inserts a role. Throws EntityAlreadyExists.Role. */
export async function insertRole(db: Database, role: RoleRow): Promise<void> {
  if (await findRole(db, role.name)) throw alreadyExists('EntityAlreadyExists.Role', role.name);
  await db.insertInto('ram_role').values(role).execute();
}

/** Updates a role. */
export async function updateRole(db: Database, role: RoleRow): Promise<void> {
  await db.updateTable('ram_role').set(role).where('role_id', '=', role.role_id).execute();
}

/** Removes a role that has no policies, and ends its sessions. Throws DeleteConflict.Role.Policy. */
export async function removeRole(db: Database, { role_id, name }: RoleRow): Promise<void> {
  const attached = await db
    .selectFrom('ram_attachment')
    .select('policy_name')
    .where('target_kind', '=', 'role')
    .where('target_id', '=', role_id)
    .executeTakeFirst();
  if (attached) throw deleteConflict('DeleteConflict.Role.Policy', name);
  await db.deleteFrom('sts_session').where('role_id', '=', role_id).execute();
  await db.deleteFrom('ram_role').where('role_id', '=', role_id).execute();
  await removeTags(db, { kind: 'role', id: role_id });
}

/** The roles after a name, sorted by name: all, or a limited number and one more if there is one. */
export function listRoles(db: Database, { after, limit }: { after: string; limit?: number }): Promise<RoleRow[]> {
  const query = db.selectFrom('ram_role').selectAll().where('name', '>', after).orderBy('name');
  return (limit === undefined ? query : query.limit(limit + 1)).execute();
}

/** Refuses a maximum session duration below one hour or above twelve. */
export function checkSessionSeconds(parameter: string, seconds: number | undefined): void {
  if (seconds === undefined) return;
  if (seconds < SHORTEST_SESSION_SECONDS || seconds > LONGEST_SESSION_SECONDS) {
    const range = `${SHORTEST_SESSION_SECONDS} to ${LONGEST_SESSION_SECONDS}`;
    throw invalidParameter(parameter, `${seconds} is not from ${range} seconds.`);
  }
}

/** A role, as in replies, without its trust policy. */
export function roleSummary(accountId: string, role: RoleRow) {
  return {
    RoleId: role.role_id,
    RoleName: role.name,
    Arn: roleArn(accountId, role),
    Description: role.description,
    MaxSessionDuration: role.max_session_seconds,
    CreateDate: ramTime(role.created_ms),
    UpdateDate: ramTime(role.modified_ms),
  };
}

/** A role, as in replies. */
export function roleReply(accountId: string, role: RoleRow) {
  return {
    ...roleSummary(accountId, role),
    AssumeRolePolicyDocument: role.trust_policy,
    // Roles cannot sign in to the console. A request that asks for it is refused.
    AllowConsoleLogin: false,
  };
}

/** `acs:ram::<account>:role/<name>` */
export function roleArn(accountId: string, { name }: RoleRow): string {
  return `acs:ram::${accountId}:role/${name}`;
}
