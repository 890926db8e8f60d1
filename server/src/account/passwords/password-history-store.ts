import type { Database } from '#db/database.ts';

/** The hashes of a user's passwords, newest first. */
export async function listPasswordHashes(db: Database, userId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('ram_password_history')
    .select('password_hash')
    .where('user_id', '=', userId)
    .orderBy('created_ms', 'desc')
    .execute();
  return rows.map((row) => row.password_hash);
}

/** Replaces the history of a user; `hashes` has the newest first. */
export async function replacePasswordHistory(
  db: Database,
  userId: string,
  hashes: readonly string[],
  nowMs: number,
): Promise<void> {
  await removePasswordHistory(db, userId);
  // Each entry gets its own time, so that the newest comes first even within a millisecond.
  const rows = hashes.map((password_hash, i) => ({ user_id: userId, password_hash, created_ms: nowMs - i }));
  await db.insertInto('ram_password_history').values(rows).execute();
}

/** Removes the history of a user. */
export async function removePasswordHistory(db: Database, userId: string): Promise<void> {
  await db.deleteFrom('ram_password_history').where('user_id', '=', userId).execute();
}
