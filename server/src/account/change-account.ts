import type { Database } from '#db/database.ts';
import { preparedRead } from '#db/prepared-read.ts';

const readVersion = preparedRead((db) => db.selectFrom('account_version').select('version'), []);

/**
 * Changes users, keys, groups, roles or policies in one transaction. The change takes effect immediately, because caches of
 * what a key may do compare the account's version.
 */
export function changeAccount<R>(db: Database, change: (trx: Database) => Promise<R>): Promise<R> {
  return db.transaction().execute(async (trx) => {
    const result = await change(trx);
    await trx
      .insertInto('account_version')
      .values({ id: 1, version: 1 })
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet((eb) => ({ version: eb('account_version.version', '+', 1) })),
      )
      .execute();
    return result;
  });
}

/** The number of the last change; 0 before the first. */
export async function accountVersion(db: Database): Promise<number> {
  const [row] = await readVersion(db);
  return row?.version ?? 0;
}
