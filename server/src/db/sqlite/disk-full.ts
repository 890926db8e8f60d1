/** Whether an error, or any of its causes, says that a file or the database could not be written for lack of disk space. */
export function isDiskFull(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause)
    if ((at as NodeJS.ErrnoException).code === 'ENOSPC' || /ENOSPC|database or disk is full/.test(at.message))
      return true;
  return false;
}
