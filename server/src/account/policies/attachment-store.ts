import type { Selectable } from 'kysely';
import type { Database } from '#db/database.ts';
import type { RamAttachmentTable } from '#db/schema/account-schema.ts';
import { findSystemPolicy } from '#ram/system-policies.ts';
import { alreadyExists, notExist } from '../errors.ts';
import { getPolicy } from './policy-store.ts';

/** An attached policy and its target. */
export type AttachmentRow = Selectable<RamAttachmentTable>;

/** What a policy can be attached to. */
export interface AttachmentTarget {
  readonly kind: 'user' | 'group' | 'role';
  readonly id: string;
  readonly name: string;
}

/** Identifies a policy: names are unique within a type. */
export interface PolicyName {
  readonly type: 'System' | 'Custom';
  readonly name: string;
}

const KINDS = { user: 'User', group: 'Group', role: 'Role' } as const;

/** Attaches a policy. Throws EntityNotExist.Policy, or EntityAlreadyExists.*.Policy if it is attached already. */
export async function insertAttachment(
  db: Database,
  target: AttachmentTarget,
  policy: PolicyName,
  nowMs: number,
): Promise<void> {
  await checkPolicy(db, policy);
  const row = { target_kind: target.kind, target_id: target.id, policy_type: policy.type, policy_name: policy.name };
  const result = await db
    .insertInto('ram_attachment')
    .values({ ...row, attached_ms: nowMs })
    .onConflict((conflict) => conflict.columns(['target_kind', 'target_id', 'policy_type', 'policy_name']).doNothing())
    .executeTakeFirst();
  if (result.numInsertedOrUpdatedRows !== 1n) {
    throw alreadyExists(`EntityAlreadyExists.${KINDS[target.kind]}.Policy`, policy.name);
  }
}

/** Detaches a policy. Throws EntityNotExist.*.Policy if it is not attached. */
export async function removeAttachment(db: Database, target: AttachmentTarget, policy: PolicyName): Promise<void> {
  await checkPolicy(db, policy);
  const result = await db
    .deleteFrom('ram_attachment')
    .where('target_kind', '=', target.kind)
    .where('target_id', '=', target.id)
    .where('policy_type', '=', policy.type)
    .where('policy_name', '=', policy.name)
    .executeTakeFirst();
  if (result.numDeletedRows !== 1n) throw notExist(`EntityNotExist.${KINDS[target.kind]}.Policy`, policy.name);
}

/** The policies attached to a target, oldest attachment first. */
export function listAttachments(db: Database, kind: AttachmentTarget['kind'], id: string): Promise<AttachmentRow[]> {
  return db
    .selectFrom('ram_attachment')
    .selectAll()
    .where('target_kind', '=', kind)
    .where('target_id', '=', id)
    .orderBy('attached_ms')
    .orderBy('policy_name')
    .execute();
}

/** The targets that a policy is attached to. */
export function listTargets(db: Database, policy: PolicyName): Promise<AttachmentRow[]> {
  return db
    .selectFrom('ram_attachment')
    .selectAll()
    .where('policy_type', '=', policy.type)
    .where('policy_name', '=', policy.name)
    .orderBy('attached_ms')
    .execute();
}

/** How many targets each policy is attached to, by `<type> <name>`. */
export async function countAttachments(db: Database): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('ram_attachment')
    .select((eb) => ['policy_type', 'policy_name', eb.fn.countAll<number>().as('count')])
    .groupBy(['policy_type', 'policy_name'])
    .execute();
  return new Map(rows.map((row) => [`${row.policy_type} ${row.policy_name}`, Number(row.count)]));
}

/** Refuses a policy that does not exist. Throws EntityNotExist.Policy. */
export async function checkPolicy(db: Database, { type, name }: PolicyName): Promise<void> {
  if (type === 'Custom') await getPolicy(db, name);
  else if (!findSystemPolicy(name)) throw notExist('EntityNotExist.Policy', name);
}
