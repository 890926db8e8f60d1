import type { Database } from '#db/database.ts';
import { transaction } from '#db/transaction.ts';
import { raiseAccountVersion } from './account-version-store.ts';

/**
 * Changes users, keys, groups, roles or policies in one transaction. The change takes effect immediately, because caches of
 * what a key may do compare the account's version.
 */
export function changeAccount<R>(db: Database, change: (trx: Database) => Promise<R>): Promise<R> {
  const work = async (trx: Database) => {
    const result = await change(trx);
    await raiseAccountVersion(trx);
    return result;
  };
  // Each changes the version, so no two could succeed at once.
  return transaction(db, work, { inTurn: 'account' });
}
