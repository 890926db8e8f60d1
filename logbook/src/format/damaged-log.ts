/** A log on disk differs from what was written. The message names the file and, if known, the lines. */
export class DamagedLog extends Error {
  override readonly name = 'DamagedLog';
}

/** The damage that an error or one of its causes reports; undefined for other errors. */
export function damageOf(error: unknown): DamagedLog | undefined {
  for (let at = error; at instanceof Error; at = at.cause) if (at instanceof DamagedLog) return at;
  return undefined;
}
