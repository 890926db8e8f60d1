/** A pattern cut at its places: a text, the name of a place, a text, and so on. */
const patterns = new Map<string, readonly string[]>();
/** Patterns are data of `spec/`; more than these are not kept. */
const PATTERNS_LIMIT = 1000;

/**
 * A pattern such as `repository/{InstanceId}/{NamespaceName}` with its places filled. A place that nothing fills, or a value that
 * could pass for more of the path, becomes what `unfilled` gives: by default `*`, which only a grant with a wildcard there covers.
 */
export function resourcePath(
  pattern: string,
  values: Readonly<Record<string, unknown>>,
  unfilled: (place: string) => string = () => '*',
): string {
  let path = '';
  let isPlace = false;
  for (const part of partsOf(pattern)) {
    path += isPlace ? (plainName(values[part]) ?? unfilled(part)) : part;
    isPlace = !isPlace;
  }
  return path;
}

function partsOf(pattern: string): readonly string[] {
  const known = patterns.get(pattern);
  if (known) return known;
  if (patterns.size >= PATTERNS_LIMIT) patterns.clear();
  const parts = pattern.split(/\{(\w+)\}/);
  patterns.set(pattern, parts);
  return parts;
}

function plainName(value: unknown): string | undefined {
  return typeof value === 'string' && /^[\w.@-]+$/.test(value) ? value : undefined;
}
