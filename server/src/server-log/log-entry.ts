/** A line of the server's log, as pino makes it. */
export type LogEntry = Record<string, unknown>;

/** The levels of the setting, the most important first, with pino's numbers. */
export const LEVELS = { error: 50, warn: 40, info: 30, debug: 20 } as const;

/** The name of an entry's level; that of a fatal one is `FATAL`. */
export function levelName({ level }: LogEntry): string {
  if (Number(level) > LEVELS.error) return 'FATAL';
  return (
    Object.entries(LEVELS)
      .find(([, number]) => Number(level) >= number)?.[0]
      .toUpperCase() ?? 'DEBUG'
  );
}

/** A text of at most `limit` characters, which says how much is missing. */
export function clipped(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit)}… (${text.length} characters)`;
}
