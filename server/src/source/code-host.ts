import { invalidParameter } from '#rpc/api-error.ts';
import { CODE_REPO_TYPES, type CodeRepoType } from './source.ts';

/** Where the repositories of one kind of code host are, and what opens them. */
export interface CodeHost {
  codeRepoType: CodeRepoType;
  /** `https://git.example`, perhaps with a path, without a slash at its end. */
  baseUrl: string;
  /** What an HTTP request of git says to be let in; undefined where nothing is needed. */
  login: CodeHostLogin | undefined;
  /** Whether the host may stand on a loopback or private address. */
  allowPrivate: boolean;
  createdMs: number;
  modifiedMs: number;
}

export interface CodeHostLogin {
  user: string;
  token: string;
}

const TOKEN_LIMIT = 4096;

/** The user name that goes with a token where none is given: as the code hosts' own pages on cloning with tokens say. */
export function tokenUser(type: CodeRepoType): string {
  return type === 'GITHUB' ? 'x-access-token' : 'oauth2';
}

/** The value of the header that logs in. */
export function authorizationOf(login: CodeHostLogin): string {
  return `Basic ${Buffer.from(`${login.user}:${login.token}`).toString('base64')}`;
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
  const url = URL.parse(text);
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    throw invalidParameter('BaseUrl', 'it is not an http:// or https:// address.');
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw invalidParameter('BaseUrl', 'it carries more than a host and a path; a token is a field of its own.');
  return url.href.replace(/\/+$/, '');
}

/** Throws `InvalidParameter` unless user and token can stand in an HTTP header; neither is shown. */
export function parseLogin(user: string, token: string): CodeHostLogin {
  // Shorter ones could not be kept out of logs.
  if (!/^[\x21-\x7e]+$/.test(token) || token.length < 6 || token.length > TOKEN_LIMIT)
    throw invalidParameter('Token', `it is not 6 to ${TOKEN_LIMIT} printable ASCII characters without spaces.`);
  if (!/^[\x21-\x39\x3b-\x7e]{1,255}$/.test(user))
    throw invalidParameter('User', 'it is not 1 to 255 printable ASCII characters without spaces and colons.');
  return { user, token };
}
