import type { Database } from '#db/database.ts';
import { ApiError } from '#rpc/api-error.ts';
import { isUserName } from '../names.ts';

const WINDOW_MS = 60 * 60 * 1000;

/**
 * Throws `Throttling` 429 where this name had so many wrong passwords within the hour; 0 is any number. It is said of names that nobody has
 * too: the answer must not tell who is a user.
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
  const message = `Request was denied due to request throttling: too many wrong passwords; come again in ${minutes} min.`;
  throw new ApiError('Throttling', 429, message, { retryAfterMs });
}

/** Counts a wrong password. */
export async function noteSignInFailure(db: Database, userName: string, nowMs: number): Promise<void> {
  // No user can have such a name, and what a stranger types is not kept.
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

/** Forgets the wrong passwords of a name after a right one, or when it got another. */
export async function forgetSignInFailures(db: Database, userName: string): Promise<void> {
  await db.deleteFrom('sign_in_failure').where('user_name', '=', userName).execute();
}
