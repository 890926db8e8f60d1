/** The database cannot be reached, or cannot do this now. Nothing was changed, or it is not known. The same may succeed later. */
export class DatabaseUnavailable extends Error {}

/** Whether an error, or any of its causes, is that the database cannot answer now. */
export function isDatabaseUnavailable(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) if (at instanceof DatabaseUnavailable) return true;
  return false;
}
