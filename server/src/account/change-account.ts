import type { Database } from '#db/database.ts';
import { raiseAccountVersion } from './account-version-store.ts';

/**
 * Changes users, keys, groups, roles or policies in one transaction. The change takes effect immediately, because caches of
 * what a key may do compare the account's version.
 */
export function changeAccount<R>(db: Database, change: (trx: Database) => Promise<R>): Promise<R> {
  return db.transaction().execute(async (trx) => {
    const result = await change(trx);
    await raiseAccountVersion(trx);
    return result;
  });
}
