/** A range of selected lines, both ends included. */
export interface LineRange {
  readonly first: number;
  readonly last: number;
}

/** `L120-L140`, or `L120` for one line. */
export function formatLineRange({ first, last }: LineRange): string {
  return first === last ? `L${first}` : `L${first}-L${last}`;
}

/**
 * Parses what `formatLineRange` writes, with or without `#`, and with its ends in either order; undefined for anything
 * else.
 */
export function parseLineRange(hash: string): LineRange | undefined {
  const [, a, b] = /^#?L([1-9]\d{0,14})(?:-L?([1-9]\d{0,14}))?$/.exec(hash) ?? [];
  if (a === undefined) return undefined;
  const [from, to] = [Number(a), Number(b ?? a)];
  return { first: Math.min(from, to), last: Math.max(from, to) };
}
