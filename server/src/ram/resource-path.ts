/**
 * A pattern such as `repository/{InstanceId}/{NamespaceName}` with its places filled. A place that nothing fills, or a value that
 * could pass for more of the path, becomes what `unfilled` gives: by default `*`, which only a grant with a wildcard there covers.
 */
export function resourcePath(
  pattern: string,
  values: Readonly<Record<string, unknown>>,
  unfilled: (place: string) => string = () => '*',
): string {
  return pattern.replace(/\{(\w+)\}/g, (_, place: string) => plainName(values[place]) ?? unfilled(place));
}

function plainName(value: unknown): string | undefined {
  return typeof value === 'string' && /^[\w.@-]+$/.test(value) ? value : undefined;
}
