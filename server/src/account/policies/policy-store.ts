import type { Selectable } from 'kysely';
import type { Database } from '#db/database.ts';
import type { RamPolicyTable, RamPolicyVersionTable } from '#db/schema/account-schema.ts';
import { alreadyExists, deleteConflict, limitExceeded, notExist } from '../errors.ts';
import { removeTags } from '../tags/tag-store.ts';

/** A custom policy, as stored. Its documents are in its versions. */
export type PolicyRow = Selectable<RamPolicyTable>;
/** A version of a custom policy. */
export type PolicyVersionRow = Selectable<RamPolicyVersionTable>;

/** The maximum number of versions of a policy. */
const VERSIONS_EACH = 5;

/** The custom policy with this name. Throws EntityNotExist.Policy. */
export async function getPolicy(db: Database, name: string): Promise<PolicyRow> {
  const row = await findPolicy(db, name);
  if (!row) throw notExist('EntityNotExist.Policy', name);
  return row;
}

/** The document of a policy's default version; undefined if there is no such policy. */
export async function findDefaultDocument(db: Database, name: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('ram_policy as p')
    .innerJoin('ram_policy_version as v', (join) =>
      join.onRef('v.policy_name', '=', 'p.name').onRef('v.version', '=', 'p.default_version'),
    )
    .select('v.document')
    .where('p.name', '=', name)
    .executeTakeFirst();
  return row?.document;
}

/** Inserts a policy with its first version. Throws EntityAlreadyExists.Policy. */
export async function insertPolicy(db: Database, policy: PolicyRow, document: string): Promise<void> {
  if (await findPolicy(db, policy.name)) throw alreadyExists('EntityAlreadyExists.Policy', policy.name);
  await db.insertInto('ram_policy').values(policy).execute();
  const version = {
    policy_name: policy.name,
    version: policy.default_version,
    document,
    created_ms: policy.created_ms,
  };
  await db.insertInto('ram_policy_version').values(version).execute();
}

/** Updates the description of a policy. */
export async function updatePolicyDescription(db: Database, policy: PolicyRow): Promise<void> {
  const { name, description, modified_ms } = policy;
  await db.updateTable('ram_policy').set({ description, modified_ms }).where('name', '=', name).execute();
}

/** Removes a policy that is not attached and has only its default version. Throws DeleteConflict.Policy.*. */
export async function removePolicy(db: Database, { name }: PolicyRow): Promise<void> {
  const attached = await db
    .selectFrom('ram_attachment')
    .select('target_id')
    .where('policy_type', '=', 'Custom')
    .where('policy_name', '=', name)
    .executeTakeFirst();
  if (attached) throw deleteConflict('DeleteConflict.Policy.Attachment', name);
  const versions = await listPolicyVersions(db, name);
  if (versions.length > 1) throw deleteConflict('DeleteConflict.Policy.Version', name);
  await db.deleteFrom('ram_policy_version').where('policy_name', '=', name).execute();
  await db.deleteFrom('ram_policy').where('name', '=', name).execute();
  await removeTags(db, { kind: 'policy', id: name });
}

/** All custom policies, sorted by name. */
export function listCustomPolicies(db: Database): Promise<PolicyRow[]> {
  return db.selectFrom('ram_policy').selectAll().orderBy('name').execute();
}

/**
 * Adds a version under a number that the policy never used. If the policy has five versions already, `rotate` removes the
 * oldest one that is not the default; without it, throws LimitExceeded.Policy.Version.
 */
export async function insertPolicyVersion(
  db: Database,
  policy: PolicyRow,
  added: { document: string; nowMs: number; asDefault: boolean; rotate: boolean },
): Promise<PolicyVersionRow> {
  const versions = await listPolicyVersions(db, policy.name);
  if (versions.length >= VERSIONS_EACH) {
    const oldest = versions.find(({ version }) => version !== policy.default_version);
    if (!added.rotate || !oldest) throw limitExceeded('LimitExceeded.Policy.Version', policy.name);
    await deleteVersion(db, oldest);
  }
  const version = policy.last_version + 1;
  const row = { policy_name: policy.name, version, document: added.document, created_ms: added.nowMs };
  await db.insertInto('ram_policy_version').values(row).execute();
  const chosen = added.asDefault ? { default_version: version } : {};
  await db
    .updateTable('ram_policy')
    .set({ last_version: version, modified_ms: added.nowMs, ...chosen })
    .where('name', '=', policy.name)
    .execute();
  return row;
}

/** The version `v<number>` of a policy. Throws EntityNotExist.Policy.Version. */
export async function getPolicyVersion(db: Database, name: string, versionId: string): Promise<PolicyVersionRow> {
  const versions = await listPolicyVersions(db, name);
  const found = versions.find(({ version }) => `v${version}` === versionId);
  if (!found) throw notExist('EntityNotExist.Policy.Version', versionId);
  return found;
}

/** Removes a version. Throws DeleteConflict.Policy.Version for the default one. */
export async function removePolicyVersion(db: Database, policy: PolicyRow, row: PolicyVersionRow): Promise<void> {
  if (row.version === policy.default_version) {
    throw deleteConflict('DeleteConflict.Policy.Version', `${policy.name} v${row.version}`);
  }
  await deleteVersion(db, row);
}

/** Sets the default version, which is the one in effect. */
export async function updateDefaultVersion(db: Database, row: PolicyVersionRow, nowMs: number): Promise<void> {
  await db
    .updateTable('ram_policy')
    .set({ default_version: row.version, modified_ms: nowMs })
    .where('name', '=', row.policy_name)
    .execute();
}

/** The versions of a policy, oldest first. */
export function listPolicyVersions(db: Database, name: string): Promise<PolicyVersionRow[]> {
  return db.selectFrom('ram_policy_version').selectAll().where('policy_name', '=', name).orderBy('version').execute();
}

function findPolicy(db: Database, name: string): Promise<PolicyRow | undefined> {
  return db.selectFrom('ram_policy').selectAll().where('name', '=', name).executeTakeFirst();
}

async function deleteVersion(db: Database, { policy_name, version }: PolicyVersionRow): Promise<void> {
  await db
    .deleteFrom('ram_policy_version')
    .where('policy_name', '=', policy_name)
    .where('version', '=', version)
    .execute();
}
