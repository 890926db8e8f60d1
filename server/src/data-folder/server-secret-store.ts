import type { Database } from '#db/database.ts';

/** The sealed value with this name; empty if the next server may make it again. */
export async function findServerSecret(db: Database, name: string): Promise<string | undefined> {
  const row = await db.selectFrom('server_secret').select('sealed').where('name', '=', name).executeTakeFirst();
  return row?.sealed;
}

/** The sealed value with this name: the given one, unless there was one before that is not empty. */
export async function keepServerSecret(db: Database, name: string, sealed: string): Promise<string> {
  await db
    .insertInto('server_secret')
    .values({ name, sealed })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ sealed }).where('server_secret.sealed', '=', ''))
    .execute();
  return (await findServerSecret(db, name)) ?? sealed;
}

/** Replaces the sealed value with this name. */
export async function replaceServerSecret(db: Database, name: string, sealed: string): Promise<void> {
  await db
    .insertInto('server_secret')
    .values({ name, sealed })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ sealed }))
    .execute();
}
