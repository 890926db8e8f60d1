/** The id of a commit. */
export const COMMIT = /^[0-9a-f]{40}([0-9a-f]{24})?$/;

export const NAME_LIMIT_CHARS = 1024;

/** A field of an event's object that is a text; undefined if the object or the field is something else. */
export function textOf(value: unknown, name: string): string | undefined {
  const text = fieldOf(value, name);
  return typeof text === 'string' ? text.slice(0, NAME_LIMIT_CHARS) : undefined;
}

/** A field of an event's object. */
export function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

/** A text of an event in a sentence. */
export function shown(text: string): string {
  return JSON.stringify(text.slice(0, 200));
}

/** A code host's time: seconds since 1970, or text. */
export function timeOf(value: unknown, name: string): number | undefined {
  const time = fieldOf(value, name);
  const ms = typeof time === 'number' ? time * 1000 : typeof time === 'string' ? Date.parse(time.slice(0, 64)) : NaN;
  return Number.isSafeInteger(ms) ? ms : undefined;
}
