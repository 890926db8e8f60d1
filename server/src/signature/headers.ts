/** Header lines by lower-case name. */
export type Headers = ReadonlyMap<string, readonly string[]>;

/** Header lines by lower-case name, from Node's raw list, which includes duplicates. */
export function readHeaders(rawHeaders: readonly string[]): Headers {
  const headers = new Map<string, string[]>();
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = (rawHeaders[i] ?? '').toLowerCase();
    const values = headers.get(name);
    if (values) values.push(rawHeaders[i + 1] ?? '');
    else headers.set(name, [rawHeaders[i + 1] ?? '']);
  }
  return headers;
}
