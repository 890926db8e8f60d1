import type { Database } from '#db/database.ts';

/** The owner of a registry password: the account's owner, by the account's id, or a user. */
export interface PasswordOwner {
  readonly kind: 'root' | 'user';
  readonly id: string;
}

/** Sets the password of an owner in an instance, replacing the previous one. */
export async function setRegistryPassword(
  db: Database,
  instanceId: string,
  owner: PasswordOwner,
  password: { hash: string; setMs: number },
): Promise<void> {
  const values = { password_hash: password.hash, set_ms: password.setMs };
  await db
    .insertInto('registry_password')
    .values({ instance_id: instanceId, owner_kind: owner.kind, owner_id: owner.id, ...values })
    .onConflict((conflict) => conflict.columns(['instance_id', 'owner_kind', 'owner_id']).doUpdateSet(values))
    .execute();
}

/** The hash of an owner's password in an instance, or undefined. */
export async function findRegistryPassword(
  db: Database,
  instanceId: string,
  owner: PasswordOwner,
): Promise<string | undefined> {
  const row = await db
    .selectFrom('registry_password')
    .select('password_hash')
    .where('instance_id', '=', instanceId)
    .where('owner_kind', '=', owner.kind)
    .where('owner_id', '=', owner.id)
    .executeTakeFirst();
  return row?.password_hash;
}

/** Removes the passwords of an owner in every instance. */
export async function removeRegistryPasswords(db: Database, owner: PasswordOwner): Promise<void> {
  await db
    .deleteFrom('registry_password')
    .where('owner_kind', '=', owner.kind)
    .where('owner_id', '=', owner.id)
    .execute();
}
