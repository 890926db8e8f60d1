import { invalidParameter, missingParameter } from '#rpc/api-error.ts';
import { type HostKey, parseKnownHosts } from './known-hosts.ts';
import { CODE_REPO_TYPES, type CodeRepoType } from './source.ts';
import { parseSshKey, type SshKey, secretLines } from './ssh-key.ts';
import { formatSshUrl, parseSshUrl, withoutTrailingSlashes } from './ssh-url.ts';

/** Where the repositories of one kind of code host are, and what opens them: as it is set, and as a build reads it. */
export interface CodeHost {
  codeRepoType: CodeRepoType;
  /** `https://git.example` or `ssh://git@git.example`, perhaps with a path, without a slash at its end. */
  baseUrl: string;
  /** What lets in; undefined where nothing is needed. Over SSH there always is a key. */
  login: CodeHostLogin | undefined;
  /** Whether the host may stand on a loopback or private address. */
  allowPrivate: boolean;
}

/** A code host as it is shown: its secret stays sealed. */
export interface StoredCodeHost extends Omit<CodeHost, 'login'> {
  login: ShownLogin | undefined;
  createdMs: number;
  modifiedMs: number;
}

/** What of a login may be shown. */
export type ShownLogin = Pick<TokenLogin, 'user'> | Pick<SshLogin, 'fingerprint' | 'hostKeys'>;

/** A token over HTTP, a key over SSH. */
export type CodeHostLogin = TokenLogin | SshLogin;

/** What an HTTP request of git says to be let in. */
export interface TokenLogin {
  user: string;
  token: string;
}

/** The key that SSH shows, and the keys by which the host is known. */
export interface SshLogin extends SshKey {
  hostKeys: readonly HostKey[];
}

/** The fields of a request that may open a code host. */
export interface LoginFields {
  User: string | undefined;
  Token: string | undefined;
  SshKey: string | undefined;
  KnownHosts: string | undefined;
}

const TOKEN_LIMIT = 4096;

/** The user name that goes with a token where none is given: as the code hosts' own pages on cloning with tokens say. */
function tokenUser(type: CodeRepoType): string {
  return type === 'GITHUB' ? 'x-access-token' : 'oauth2';
}

/** The value of the header that logs in. */
export function authorizationOf(login: TokenLogin): string {
  return `Basic ${Buffer.from(`${login.user}:${login.token}`).toString('base64')}`;
}

/** What of a login may be shown. */
export function shownLogin(login: CodeHostLogin): ShownLogin {
  if ('token' in login) return { user: login.user };
  return { fingerprint: login.fingerprint, hostKeys: login.hostKeys };
}

/** What of a login must be in no log. */
export function secretOf(login: CodeHostLogin): string {
  return 'token' in login ? login.token : secretLines(login.privateKey);
}

/** Throws `InvalidParameter` unless a text is one of the kinds of code hosts. */
export function parseCodeRepoType(text: string, name = 'CodeRepoType'): CodeRepoType {
  const type = CODE_REPO_TYPES.find((known) => known === text);
  if (type === undefined)
    throw invalidParameter(name, `${JSON.stringify(text)} is none of ${CODE_REPO_TYPES.join(', ')}.`);
  return type;
}

/** Throws `InvalidParameter` unless a text is the address of a code host; it is not shown where it may carry a password. */
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
    throw invalidParameter('BaseUrl', 'it carries more than a host and a path; a token is a field of its own.');
  return withoutTrailingSlashes(url.href);
}

/**
 * What opens a code host at a base URL. Throws `InvalidParameter` for what does not go together, and
 * `MissingParameter` for a key without the other; no value is shown.
 */
export function parseLogin(type: CodeRepoType, baseUrl: string, fields: LoginFields): CodeHostLogin | undefined {
  const ssh = parseSshUrl(baseUrl);
  if (ssh) {
    for (const name of ['Token', 'User'] as const)
      if (fields[name] !== undefined)
        throw invalidParameter(name, 'over SSH a key lets in, and the user is part of the base URL.');
    if (fields.SshKey === undefined) throw missingParameter('SshKey');
    if (fields.KnownHosts === undefined) throw missingParameter('KnownHosts');
    return { ...parseSshKey(fields.SshKey), hostKeys: parseKnownHosts(fields.KnownHosts, ssh) };
  }
  for (const name of ['SshKey', 'KnownHosts'] as const)
    if (fields[name] !== undefined) throw invalidParameter(name, 'the base URL is no ssh:// address.');
  if (fields.User !== undefined && fields.Token === undefined) throw missingParameter('Token');
  return fields.Token === undefined ? undefined : parseToken(fields.User ?? tokenUser(type), fields.Token);
}

/** Throws `InvalidParameter` unless user and token can stand in an HTTP header; neither is shown. */
function parseToken(user: string, token: string): TokenLogin {
  // Shorter ones could not be kept out of logs.
  if (!/^[\x21-\x7e]+$/.test(token) || token.length < 6 || token.length > TOKEN_LIMIT)
    throw invalidParameter('Token', `it is not 6 to ${TOKEN_LIMIT} printable ASCII characters without spaces.`);
  if (!/^[\x21-\x39\x3b-\x7e]{1,255}$/.test(user))
    throw invalidParameter('User', 'it is not 1 to 255 printable ASCII characters without spaces and colons.');
  return { user, token };
}
