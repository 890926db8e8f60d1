/** Whether a failed write, of a file or of the database, anywhere in the chain of causes says that there is no space. */
export function isDiskFull(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause)
    if ((at as NodeJS.ErrnoException).code === 'ENOSPC' || /ENOSPC|database or disk is full/.test(at.message))
      return true;
  return false;
}
