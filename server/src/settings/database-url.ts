import type { Kind } from './setting-kinds.ts';

/** Where a database of PostgreSQL is. */
export interface DatabaseAddress {
  /** Without the password. */
  readonly url: string;
  /** Undefined if the URL has none. */
  readonly password: string | undefined;
}

const PARAMETERS = ['host', 'port', 'user', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey'];
const TLS_MODES = ['disable', 'require', 'verify-full'];

/** `postgres://USER@HOST/NAME`, in the form and with the parameters of PostgreSQL's own programs. */
export const databaseUrl: Kind<DatabaseAddress> = {
  parse: (text) => {
    if (mistakeIn(text) !== undefined) return undefined;
    const url = new URL(text);
    const password = decodeURIComponent(url.password) || undefined;
    url.password = '';
    return { url: url.href, password };
  },
  mistake: (text) => mistakeIn(text) ?? 'is not valid',
  expects:
    'postgres://USER@HOST:PORT/NAME with an optional port and, after ?, the parameters host (the folder of a socket), port, user, sslmode (disable, require, verify-full), sslrootcert, sslcert and sslkey',
  withoutSecrets: (text) => {
    const url = new URL(text);
    if (url.password === '') return text;
    url.password = '';
    return url.href;
  },
};

/** A URL as the driver takes it. TLS means what it does in PostgreSQL's own programs, where `require` checks no certificate. */
export function urlWithPassword(withoutPassword: string, password: string | undefined): string {
  const url = new URL(withoutPassword);
  url.searchParams.set('uselibpqcompat', 'true');
  if (password === undefined) return url.href;
  // A URL without a host has no place for a login.
  if (url.host === '') url.searchParams.set('password', password);
  else url.password = encodeURIComponent(password);
  return url.href;
}

/** What is wrong with a URL, without a part of it: any part may be of a password. */
function mistakeIn(text: string): string | undefined {
  if (!/^postgres(ql)?:\/\//.test(text)) return 'does not begin with postgres://';
  if (!URL.canParse(text)) return 'is not a URL (write / ? # @ : and % in a password as %2F %3F %23 %40 %3A and %25)';
  const url = new URL(text);
  const { searchParams: parameters } = url;
  if (!isEncoded(url.password) || !isEncoded(url.username) || !isEncoded(url.pathname))
    return 'has a % that encodes no character (write it as %25)';
  if (url.hash !== '') return 'has a # (write it as %23)';
  const names = [...parameters.keys()];
  if (names.some((name) => !PARAMETERS.includes(name)) || new Set(names).size < names.length)
    return 'has a parameter that is not known here, or one twice';
  if (url.username === '' && !parameters.get('user')) return 'names no user';
  if (url.host === '' && !parameters.get('host')) return 'names no host';
  if (`${url.host}${parameters.get('host') ?? ''}`.includes(',')) return 'names several hosts';
  if (!/^\/[^/]+$/.test(url.pathname)) return 'names no database';
  if (!TLS_MODES.includes(parameters.get('sslmode') ?? 'disable')) return 'has an sslmode that is not known here';
  return undefined;
}

function isEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
