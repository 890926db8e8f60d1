/** The database cannot be reached, or cannot do this now. Nothing was changed, or it is not known. The same may succeed later. */
export class DatabaseUnavailable extends Error {}

/** A text has a NUL character, which PostgreSQL does not store. */
export class UnstorableText extends Error {}

/** Whether an error, or any of its causes, is of a kind. */
export function isCausedBy(error: unknown, kind: typeof DatabaseUnavailable | typeof UnstorableText): boolean {
  for (let at = error; at instanceof Error; at = at.cause) if (at instanceof kind) return true;
  return false;
}
