import type { Database } from '#db/database.ts';
import { preparedRead } from '#db/prepared-read.ts';

const readVersion = preparedRead((db) => db.selectFrom('account_version').select('version'), []);

/** The number of the last change to users, keys, groups, roles or policies; 0 before the first. */
export async function accountVersion(db: Database): Promise<number> {
  const [row] = await readVersion(db);
  return row?.version ?? 0;
}

/** Counts a change, in its transaction. */
export async function raiseAccountVersion(db: Database): Promise<void> {
  await db
    .insertInto('account_version')
    .values({ id: 1, version: 1 })
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet((eb) => ({ version: eb('account_version.version', '+', 1) })),
    )
    .execute();
}
