import { invalidParameter } from '#rpc/api-error.ts';
import { withoutTrailingSlashes } from './ssh-url.ts';

/** A registry that base images come from, as it is set. */
export interface BaseRegistry {
  /** As images are named: `ghcr.io`, `registry.example:5000`. */
  host: string;
  /** Registries that are asked before it, in order: `https://mirror.example`, perhaps with a path. */
  mirrors: readonly string[];
  /** Who logs in there; undefined where images are fetched without. */
  login: { user: string; namespaces: readonly string[] | undefined } | undefined;
  /** Whether it is spoken to without TLS. */
  plainHttp: boolean;
  /** Whether it may be on a loopback or private address. */
  allowPrivate: boolean;
  createdMs: number;
  modifiedMs: number;
}

/** What logs in at a registry. */
export interface RegistryLogin {
  user: string;
  password: string;
  /** The namespaces whose builds use it; undefined is all. */
  namespaces: readonly string[] | undefined;
}

const USER_LIMIT_CHARS = 256;
const PASSWORD_LIMIT_CHARS = 16_384;
const MIRRORS_LIMIT = 8;
const NAMESPACES_LIMIT = 100;

/** Checks a login as it was given. Throws `InvalidParameter`, without showing the password. */
export function parseRegistryLogin(user: string, password: string, namespaces: unknown): RegistryLogin {
  // What follows the first colon of Basic credentials is the password (https://www.rfc-editor.org/rfc/rfc7617).
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

/** Checks the list of mirrors as it was given. Throws `InvalidParameter`. */
export function parseMirrors(given: unknown): string[] {
  if (!Array.isArray(given) || given.length > MIRRORS_LIMIT)
    throw invalidParameter('Mirrors', `it must be a list of at most ${MIRRORS_LIMIT} URLs.`);
  return given.map((mirror: unknown) => {
    const url = typeof mirror === 'string' ? URL.parse(mirror) : null;
    const isPlain = url !== null && url.username === '' && url.password === '' && url.search === '' && url.hash === '';
    if (!isPlain || !['http:', 'https:'].includes(url.protocol) || !isHost(url.hostname) || !isPath(url.pathname))
      throw invalidParameter(
        'Mirrors',
        'each must be http:// or https:// with a host of letters, digits, "." and "-", and may have a port and a path; a login is set for the host of the mirror.',
      );
    return withoutTrailingSlashes(url.href);
  });
}

/** As it can stand in the name of an image. */
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
    throw invalidParameter('Namespaces', `it must be a list of 1 to ${NAMESPACES_LIMIT} names of namespaces.`);
  return given as string[];
}
