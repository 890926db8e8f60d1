/** What is on disk of a log is not what was written; the message names the file and the lines, as far as they are known. */
export class DamagedLog extends Error {
  override readonly name = 'DamagedLog';
}

/** The damage that an error tells of, itself or by its causes; undefined where it tells of something else. */
export function damageOf(error: unknown): DamagedLog | undefined {
  for (let at = error; at instanceof Error; at = at.cause) if (at instanceof DamagedLog) return at;
  return undefined;
}
