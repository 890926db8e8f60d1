/** A time as the command line prints it: ISO 8601 in UTC, to the second. */
export function utcTime(timeMs: number): string {
  return new Date(timeMs).toISOString().replace(/\.\d+Z$/, 'Z');
}
