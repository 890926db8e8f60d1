import { invalidParameter } from '#rpc/errors/api-error.ts';
import { withoutTrailingSlashes } from '../hosts/ssh-url.ts';

/** The settings of a registry for base images. */
export interface BaseRegistry {
  /** As in image names: `ghcr.io`, `registry.example:5000`. */
  host: string;
  /** Mirrors to try before it, in order: `https://mirror.example`, optionally with a path. */
  mirrors: readonly string[];
  /** The login, without its password; undefined if images are fetched without one. */
  login: { user: string; namespaces: readonly string[] | undefined } | undefined;
  /** Whether to connect without TLS. */
  plainHttp: boolean;
  /** Whether it may have a loopback or private address. */
  allowPrivate: boolean;
  createdMs: number;
  modifiedMs: number;
}

/** A login for a registry. */
export interface RegistryLogin {
  user: string;
  password: string;
  /** The namespaces whose builds use it; undefined means all. */
  namespaces: readonly string[] | undefined;
}

const USER_LIMIT_CHARS = 256;
const PASSWORD_LIMIT_CHARS = 16_384;
const MIRRORS_LIMIT = 8;
const NAMESPACES_LIMIT = 100;

/** Checks a login from a request. Throws `InvalidParameter`, without showing the password. */
export function parseRegistryLogin(user: string, password: string, namespaces: unknown): RegistryLogin {
  // In Basic credentials, the password follows the first colon (https://www.rfc-editor.org/rfc/rfc7617).
  if (user.length > USER_LIMIT_CHARS || /[\p{Cc}:]/u.test(user))
    throw invalidParameter('User', `it must have 1 to ${USER_LIMIT_CHARS} characters, without ":".`);
  if (password.length > PASSWORD_LIMIT_CHARS || /\p{Cc}/u.test(password))
    throw invalidParameter('Password', `it must be one line of at most ${PASSWORD_LIMIT_CHARS} characters.`);
  return { user, password, namespaces: parseNamespaces(namespaces) };
}

/** Whether builds of a repository, `namespace/name`, may use a login. */
export function mayUseLogin({ namespaces }: Pick<RegistryLogin, 'namespaces'>, repository: string): boolean {
  return namespaces === undefined || namespaces.includes(repository.slice(0, repository.indexOf('/')));
}

/** Checks a list of mirrors from a request. Throws `InvalidParameter`. */
export function parseMirrors(given: unknown): string[] {
  if (!Array.isArray(given) || given.length > MIRRORS_LIMIT)
    throw invalidParameter('Mirrors', `it must be a list of at most ${MIRRORS_LIMIT} URLs.`);
  return given.map((mirror: unknown) => {
    const url = typeof mirror === 'string' ? URL.parse(mirror) : null;
    const isPlain = url !== null && url.username === '' && url.password === '' && url.search === '' && url.hash === '';
    if (!isPlain || !['http:', 'https:'].includes(url.protocol) || !isHost(url.hostname) || !isPath(url.pathname))
      throw invalidParameter(
        'Mirrors',
        'each must be http:// or https:// with a host of letters, digits, "." and "-", and may have a port and a path. Set a login for the mirror’s host instead of putting it in the URL.',
      );
    return withoutTrailingSlashes(url.href);
  });
}

/** Whether a host is valid in an image name. */
function isHost(hostname: string): boolean {
  return hostname.startsWith('[') || /^[a-z0-9]+(?:(?:\.|-+)[a-z0-9]+)*$/.test(hostname);
}

function isPath(path: string): boolean {
  return path.split('/').every((part) => part === '' || /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/.test(part));
}

function parseNamespaces(given: unknown): string[] | undefined {
  if (given === undefined || given === null) return undefined;
  const isList = Array.isArray(given) && given.length > 0 && given.length <= NAMESPACES_LIMIT;
  if (!isList || !given.every((name) => typeof name === 'string' && /^[a-z0-9][a-z0-9._-]{0,119}$/.test(name)))
    throw invalidParameter('Namespaces', `it must be a list of 1 to ${NAMESPACES_LIMIT} namespace names.`);
  return given as string[];
}
