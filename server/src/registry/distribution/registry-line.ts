/** A line of the registry's output, in the form of the server's log. */
export interface RegistryLine {
  level: 'debug' | 'info' | 'warn' | 'error';
  fields: Record<string, unknown>;
  text: string;
}

const LONGEST_CHARS = 2000;

/**
 * Reads a line that distribution has written. Distribution calls every reply of 400 and above an error. One below 500
 * is the caller's matter (each push first asks what exists, each client is challenged once), so it is logged at level
 * debug.
 */
export function readRegistryLine(line: string): RegistryLine {
  const entry = parseEntry(line);
  if (!entry) return { level: 'warn', fields: { part: 'registry' }, text: line.slice(0, LONGEST_CHARS) };
  const detail = entry['err.detail'];
  const fields = {
    part: 'registry',
    registryError: entry['err.message'] ?? entry['auth.user.name'],
    detail: detail === undefined ? undefined : JSON.stringify(detail).slice(0, LONGEST_CHARS),
    ...(entry['http.request.uri'] === undefined
      ? {}
      : { request: `${entry['http.request.method']} ${entry['http.request.uri']}`.slice(0, LONGEST_CHARS) }),
  };
  return { level: levelOf(entry), fields, text: String(entry.msg ?? line).slice(0, LONGEST_CHARS) };
}

function parseEntry(line: string): Record<string, unknown> | undefined {
  try {
    const entry: unknown = JSON.parse(line);
    return typeof entry === 'object' && entry !== null ? (entry as Record<string, unknown>) : undefined;
  } catch {
    // A panic of the program is not JSON.
    return undefined;
  }
}

function levelOf(entry: Record<string, unknown>): RegistryLine['level'] {
  const status = Number(entry['http.response.status'] ?? 0);
  if (status >= 400 && status < 500) return 'debug';
  // Logged before there is a status.
  if (String(entry.msg).startsWith('error authorizing context')) return 'debug';
  if (entry.level === 'error' || entry.level === 'fatal' || entry.level === 'panic') return 'error';
  return entry.level === 'warning' ? 'warn' : 'info';
}
