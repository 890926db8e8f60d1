const DIGEST_LIMIT_CHARS = 128;

/** A vertex of the builder's graph, such as a step; times are in UTC, with as many digits of the second as needed. */
export interface Vertex {
  digest: string;
  name: string;
  started?: string;
  completed?: string;
  cached?: boolean;
  error?: string;
}

/** What a vertex prints, in base64. */
export interface Log {
  vertex: string;
  data: string;
}

/** One message of `docker-buildx build --progress=rawjson`. */
interface Message {
  vertexes?: Vertex[];
  logs?: Log[];
  warnings?: { short?: string }[];
}

/** Reads a message; undefined for plain text that is not a message. */
export function parseMessage(line: string): Message | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return checked(JSON.parse(line) as Message);
  } catch {
    // Plain text may start with a brace.
    return undefined;
  }
}

function isShort(digest: unknown): boolean {
  return typeof digest === 'string' && digest.length <= DIGEST_LIMIT_CHARS;
}

/** A compromised builder may print anything: ignore what does not have the right form. */
function checked({ vertexes, logs, warnings }: Message): Message {
  return {
    vertexes: listOf(
      vertexes,
      ({ digest, name, started, completed, error }) =>
        isShort(digest) &&
        typeof name === 'string' &&
        [started, completed, error].every((each) => each === undefined || typeof each === 'string'),
    ),
    logs: listOf(logs, ({ vertex, data }) => isShort(vertex) && typeof data === 'string'),
    warnings: listOf(warnings, ({ short }) => short === undefined || typeof short === 'string'),
  };
}

function listOf<T>(given: readonly T[] | undefined, isOfForm: (each: T) => boolean): T[] {
  return Array.isArray(given)
    ? given.filter((each) => typeof each === 'object' && each !== null && isOfForm(each))
    : [];
}

/** Compares two times of vertices. */
export function isLater(time: string, than: string): boolean {
  return time.replace('Z', '') > than.replace('Z', '');
}
