import type { Database } from '#db/database.ts';
import { transaction } from '#db/transaction.ts';

/** Writes which platforms images of a repository are for; they never change, because a digest names them. */
export async function writePlatforms(
  db: Database,
  repoId: string,
  found: ReadonlyMap<string, readonly string[]>,
): Promise<void> {
  await transaction(db, async (trx) => {
    for (const [digest, platforms] of found)
      await trx
        .updateTable('manifest')
        .set({ platforms: JSON.stringify(platforms) })
        .where('repo_id', '=', repoId)
        .where('digest', '=', digest)
        .execute();
  });
}
