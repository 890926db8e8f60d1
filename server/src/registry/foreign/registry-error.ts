import { withoutControls } from '#rpc/control-characters.ts';

/** Why an exchange with a registry failed. */
export type RegistryErrorKind =
  | 'not-found'
  | 'no-platform'
  | 'unauthorised'
  | 'unreachable'
  | 'refused'
  | 'cancelled'
  | 'failed';

/**
 * A failed exchange with a registry; `message` is one sentence for a build log, in which what the registry said is without control
 * characters; `detail` is the tool's own output.
 */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';
  readonly kind: RegistryErrorKind;
  readonly detail: string;
  /** The status of the reply, if that was the failure. */
  readonly status: number | undefined;
  /** How long the registry asks to wait before the next request. */
  readonly retryAfterMs: number | undefined;

  constructor(
    kind: RegistryErrorKind,
    message: string,
    detail = '',
    options?: ErrorOptions & { status?: number | undefined; retryAfterMs?: number | undefined },
  ) {
    super(withoutControls(message), options);
    this.kind = kind;
    this.detail = detail;
    this.status = options?.status;
    this.retryAfterMs = options?.retryAfterMs;
  }
}

/** What distribution says of an upload of which its storage has less than it was sent, or nothing. */
const LOST_UPLOAD = /blob upload (?:invalid|unknown)/i;

// skopeo has no error codes: these are texts of its libraries (containers/image, distribution client, Go net). The
// registry's own texts come before those of the transport, because a refusal may quote an address.
const KINDS: ReadonlyArray<[RegistryErrorKind, RegExp]> = [
  // Its storage came back without what it had of an upload; another push begins another.
  ['unreachable', LOST_UPLOAD],
  [
    'not-found',
    /manifest unknown|name unknown|repository name not known|blob unknown to registry|not found: manifest/i,
  ],
  [
    'unauthorised',
    /unauthorized|authentication required|access to the resource is denied|denied:|invalid username\/password|\b401\b|\b403\b/i,
  ],
  [
    'unreachable',
    /connection refused|no such host|network is unreachable|no route to host|i\/o timeout|timeout awaiting|TLS handshake|x509:|server gave HTTP response to HTTPS client|connection reset|50[234] \(?(?:Bad Gateway|Service Unavailable|Gateway Timeout)|unexpected EOF|: EOF\b|context deadline exceeded/i,
  ],
  ['not-found', /\b404\b|status code from registry 404/],
  [
    'refused',
    /manifest invalid|digest invalid|name invalid|tag invalid|unsupported|too many requests|\b4\d\d\b|\b5\d\d\b/i,
  ],
];

/** Classifies a failure of skopeo by its output; `subject` is the image as its user knows it. */
export function registryErrorOf(subject: string, action: 'fetch' | 'push' | 'inspect', words: string): RegistryError {
  const kind = KINDS.find(([, pattern]) => pattern.test(words))?.[0] ?? 'failed';
  const last = lastMessage(words);
  const sentence = {
    'not-found': `${action} ${subject}: the registry does not have it${action === 'push' ? `: ${last}` : ''}`,
    'no-platform': `${action} ${subject}: the registry has it for other platforms`,
    unauthorised: `${action} ${subject}: the registry refuses access (no such image, or no permission): ${last}`,
    unreachable: `${action} ${subject}: ${ownFailure(action, last) ?? `the registry cannot be reached: ${last}`}`,
    refused: `${action} ${subject}: ${ownFailure(action, last) ?? `the registry refused: ${last}`}`,
    cancelled: `${action} ${subject}: cancelled`,
    failed: `${action} ${subject}: ${last}`,
  }[kind];
  return new RegistryError(kind, sentence, words.trim().slice(-4000));
}

/** A status of 5xx is the registry's own failure, about which it tells a client nothing. */
function ownFailure(action: string, last: string): string | undefined {
  if (LOST_UPLOAD.test(last)) return `the registry lost what it had of a layer: ${last}`;
  const status = /(?:unexpected HTTP status: |: |registry )(5\d\d) \(?[A-Z]/.exec(last)?.[1];
  if (status === undefined) return undefined;
  const fix = action === 'push' ? ': its storage may be full, not writable or away; the server’s log says why' : '';
  return `the registry failed (HTTP ${status})${fix}`;
}

// Without a terminal, skopeo writes logrus text: time="…" level=fatal msg="…".
function lastMessage(words: string): string {
  const lines = words.trim().split('\n');
  const line = lines.findLast((candidate) => /level=(fatal|error)/.test(candidate)) ?? lines.at(-1) ?? '';
  const quoted = /msg=("(?:[^"\\]|\\.)*")/.exec(line)?.[1];
  if (quoted === undefined) return (line || 'skopeo ended without output').slice(0, 1000);
  try {
    return String(JSON.parse(quoted)).slice(0, 1000);
  } catch {
    return quoted.slice(1, -1).slice(0, 1000);
  }
}
