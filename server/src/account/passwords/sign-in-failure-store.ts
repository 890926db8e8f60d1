import type { Database } from '#db/database.ts';
import { ApiError } from '#rpc/errors/api-error.ts';
import { isUserName } from '../names.ts';

const WINDOW_MS = 60 * 60 * 1000;

/**
 * Throws `Throttling` 429 if this name had `limit` wrong passwords within an hour; 0 means no limit. Applies to unknown names too,
 * so that the answer does not reveal who is a user.
 */
export async function refuseAfterFailures(db: Database, userName: string, limit: number, nowMs: number): Promise<void> {
  if (limit === 0) return;
  const known = await db
    .selectFrom('sign_in_failure')
    .select('first_ms')
    .where('user_name', '=', userName)
    .where('failures', '>=', limit)
    .where('first_ms', '>', nowMs - WINDOW_MS)
    .executeTakeFirst();
  if (!known) return;
  const retryAfterMs = known.first_ms + WINDOW_MS - nowMs;
  const minutes = Math.ceil(retryAfterMs / 60_000);
  const message = `Request was denied due to request throttling: too many wrong passwords; try again in ${minutes} min.`;
  throw new ApiError('Throttling', 429, message, { retryAfterMs });
}

/** Counts a wrong password. */
export async function noteSignInFailure(db: Database, userName: string, nowMs: number): Promise<void> {
  // No user can have such a name, and a stranger's arbitrary text is not stored.
  if (!isUserName(userName)) return;
  await db
    .deleteFrom('sign_in_failure')
    .where('first_ms', '<=', nowMs - WINDOW_MS)
    .execute();
  await db
    .insertInto('sign_in_failure')
    .values({ user_name: userName, failures: 1, first_ms: nowMs })
    .onConflict((conflict) =>
      conflict.column('user_name').doUpdateSet((eb) => ({ failures: eb('sign_in_failure.failures', '+', 1) })),
    )
    .execute();
}

/** Resets the count of wrong passwords after a correct one, or when the password changes. */
export async function forgetSignInFailures(db: Database, userName: string): Promise<void> {
  await db.deleteFrom('sign_in_failure').where('user_name', '=', userName).execute();
}
