import { invalidParameter, missingParameter } from '#rpc/errors/api-error.ts';
import { CODE_REPO_TYPES, type CodeRepoType } from '../source.ts';
import { type HostKey, parseKnownHosts } from './known-hosts.ts';
import { parseSshKey, type SshKey, secretLines } from './ssh-key.ts';
import { formatSshUrl, parseSshUrl, withoutTrailingSlashes } from './ssh-url.ts';
import { parseStatusTarget, type StatusTarget } from './status-target.ts';

/** The address and login of a kind of code host: as set, and as a build reads it. */
export interface CodeHost {
  codeRepoType: CodeRepoType;
  /** `https://git.example` or `ssh://git@git.example`, optionally with a path, without a trailing slash. */
  baseUrl: string;
  /** The login; undefined if none is needed. Over SSH, it is always a key. */
  login: CodeHostLogin | undefined;
  /** Whether the host may have a loopback or private address. */
  allowPrivate: boolean;
  /** Where the results of builds are shown beside commits; undefined if nowhere. */
  statuses: OpenStatuses | undefined;
}

/** Where a code host takes statuses of commits, and the token that may set them. */
export interface OpenStatuses extends StatusTarget {
  token: string;
}

/** A code host as shown to callers: its secret stays sealed. */
export interface StoredCodeHost extends Omit<CodeHost, 'login' | 'statuses'> {
  login: ShownLogin | undefined;
  statuses: StatusTarget | undefined;
  /** Why the last status could not be set, and when; undefined if it was set. */
  statusFailure: StatusFailure | undefined;
  createdMs: number;
  modifiedMs: number;
}

/** Why a status was not set, in a sentence. */
export interface StatusFailure {
  message: string;
  timeMs: number;
}

/** The part of a login that may be shown. */
export type ShownLogin = Pick<TokenLogin, 'user'> | Pick<SshLogin, 'fingerprint' | 'hostKeys'>;

/** A token for HTTP, or a key for SSH. */
export type CodeHostLogin = TokenLogin | SshLogin;

/** What git's HTTP requests log in with. */
export interface TokenLogin {
  user: string;
  token: string;
}

/** The key to log in with over SSH, and the keys that identify the host. */
export interface SshLogin extends SshKey {
  hostKeys: readonly HostKey[];
}

/** The login fields in a request. */
export interface LoginFields {
  User: string | undefined;
  Token: string | undefined;
  SshKey: string | undefined;
  KnownHosts: string | undefined;
}

const TOKEN_LIMIT = 4096;

/** The default user name for a token, from the code hosts' own pages on cloning with tokens. */
function tokenUser(type: CodeRepoType): string {
  return type === 'GITHUB' ? 'x-access-token' : 'oauth2';
}

/** The value of the Authorization header. */
export function authorizationOf(login: TokenLogin): string {
  return `Basic ${Buffer.from(`${login.user}:${login.token}`).toString('base64')}`;
}

/** The part of a login that may be shown. */
export function shownLogin(login: CodeHostLogin): ShownLogin {
  if ('token' in login) return { user: login.user };
  return { fingerprint: login.fingerprint, hostKeys: login.hostKeys };
}

/** The part of a login that must not appear in any log. */
export function secretOf(login: CodeHostLogin): string {
  return 'token' in login ? login.token : secretLines(login.privateKey);
}

/** Parses a kind of code host. Throws `InvalidParameter`. */
export function parseCodeRepoType(text: string, name = 'CodeRepoType'): CodeRepoType {
  const type = CODE_REPO_TYPES.find((known) => known === text);
  if (type === undefined)
    throw invalidParameter(name, `${JSON.stringify(text)} is not one of ${CODE_REPO_TYPES.join(', ')}.`);
  return type;
}

/** Parses a code host's address. Throws `InvalidParameter`, without showing an address that may contain a password. */
export function parseBaseUrl(text: string): string {
  if (text.startsWith('ssh:')) {
    const ssh = parseSshUrl(withoutTrailingSlashes(text));
    if (!ssh) throw invalidParameter('BaseUrl', 'it is not of the form ssh://git@HOST:PORT/PATH, without a password.');
    return formatSshUrl(ssh);
  }
  const url = URL.parse(text);
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    throw invalidParameter('BaseUrl', 'it is not an https://, http:// or ssh:// address.');
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw invalidParameter('BaseUrl', 'it must have only a host and a path; give a token in its own field.');
  return withoutTrailingSlashes(url.href);
}

/**
 * Parses the login for a code host at a base URL. Throws `InvalidParameter` for fields that do not fit together, and
 * `MissingParameter` for a missing one. Shows no values.
 */
export function parseLogin(type: CodeRepoType, baseUrl: string, fields: LoginFields): CodeHostLogin | undefined {
  const ssh = parseSshUrl(baseUrl);
  if (ssh) {
    for (const name of ['Token', 'User'] as const)
      if (fields[name] !== undefined)
        throw invalidParameter(name, 'over SSH, log in with SshKey, and put the user in the base URL.');
    if (fields.SshKey === undefined) throw missingParameter('SshKey');
    if (fields.KnownHosts === undefined) throw missingParameter('KnownHosts');
    return { ...parseSshKey(fields.SshKey), hostKeys: parseKnownHosts(fields.KnownHosts, ssh) };
  }
  for (const name of ['SshKey', 'KnownHosts'] as const)
    if (fields[name] !== undefined) throw invalidParameter(name, 'the base URL is not an ssh:// address.');
  if (fields.User !== undefined && fields.Token === undefined) throw missingParameter('Token');
  return fields.Token === undefined ? undefined : parseToken(fields.User ?? tokenUser(type), fields.Token);
}

/** The fields about statuses in a request. */
export interface StatusFields {
  StatusApi: string | undefined;
  StatusUrl: string | undefined;
  StatusToken: string | undefined;
}

/**
 * Parses where statuses go. The token that clones is used unless another is given. Throws `InvalidParameter` or
 * `MissingParameter`; shows no token.
 */
export function parseStatuses(
  baseUrl: string,
  login: CodeHostLogin | undefined,
  fields: StatusFields,
): OpenStatuses | undefined {
  const { StatusApi, StatusUrl, StatusToken } = fields;
  if (StatusApi === undefined) {
    for (const name of ['StatusUrl', 'StatusToken'] as const)
      if (fields[name] !== undefined) throw missingParameter('StatusApi');
    return undefined;
  }
  const target = parseStatusTarget(StatusApi, baseUrl, StatusUrl);
  if (StatusToken !== undefined) return { ...target, token: checkToken('StatusToken', StatusToken) };
  if (login === undefined || !('token' in login)) throw missingParameter('StatusToken');
  return { ...target, token: login.token };
}

/** Throws `InvalidParameter` unless user and token are valid in an HTTP header. Shows neither. */
function parseToken(user: string, token: string): TokenLogin {
  checkToken('Token', token);
  if (!/^[\x21-\x39\x3b-\x7e]{1,255}$/.test(user))
    throw invalidParameter('User', 'it must be 1 to 255 printable ASCII characters without spaces and colons.');
  return { user, token };
}

function checkToken(name: string, token: string): string {
  // Shorter tokens could not be masked in logs.
  if (!/^[\x21-\x7e]+$/.test(token) || token.length < 6 || token.length > TOKEN_LIMIT)
    throw invalidParameter(name, `it must be 6 to ${TOKEN_LIMIT} printable ASCII characters without spaces.`);
  return token;
}
