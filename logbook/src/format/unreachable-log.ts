/** A log that cannot be read now: the store that has it does not answer as it should. The same read may succeed later. */
export class UnreachableLog extends Error {
  override readonly name = 'UnreachableLog';
}

/** Whether an error, or one of its causes, is that a log cannot be read now. */
export function isUnreachable(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) if (at instanceof UnreachableLog) return true;
  return false;
}
