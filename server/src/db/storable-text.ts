/** What is stored instead of a NUL character, which PostgreSQL has in no text: Unicode's own sign for one that is missing. */
const REPLACEMENT = '\uFFFD';

/**
 * The parameters of a statement as both engines store them. Callers who send a NUL character are told so before; this is for texts that
 * reach the server by another way: of commits, images and deliveries.
 */
export function storable(parameters: readonly unknown[]): readonly unknown[] {
  return parameters.some(hasNul) ? parameters.map(storableText) : parameters;
}

/** JSON for a column that a query looks into: PostgreSQL reads no escaped NUL character either. */
export function storableJson(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) => storableText(each));
}

function storableText(value: unknown): unknown {
  return hasNul(value) ? value.replaceAll('\0', REPLACEMENT) : value;
}

function hasNul(value: unknown): value is string {
  return typeof value === 'string' && value.includes('\0');
}
