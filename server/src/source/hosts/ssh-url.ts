/** The address of a repository or a code host that is reached over SSH. */
export interface SshUrl {
  user: string;
  host: string;
  port: number;
  /** Starts with a slash, or is empty. */
  path: string;
}

const SSH_URL =
  /^ssh:\/\/(?:([A-Za-z0-9_][A-Za-z0-9._-]*)@)?([A-Za-z0-9][A-Za-z0-9.-]*|\[[0-9A-Fa-f:.]+\])(?::(\d+))?(\/[\w.~/+@%-]*)?$/;
const SCP_FORM = /^([A-Za-z0-9_][A-Za-z0-9._-]*@[A-Za-z0-9][A-Za-z0-9.-]*):(.+)$/;
const USER_LIMIT = 64;
const HOST_LIMIT = 253;
const DEFAULT_PORT = 22;

/**
 * The parts of `ssh://[user@]host[:port][/path]`; the default user is `git`. Undefined for any other text, so that an accepted
 * address contains nothing that ssh, git or a shell would treat as an option or a separate argument.
 */
export function parseSshUrl(text: string): SshUrl | undefined {
  const [, user = 'git', host, port, path = ''] = SSH_URL.exec(text) ?? [];
  if (host === undefined || user.length > USER_LIMIT || host.length > HOST_LIMIT || /[.-]$/.test(host))
    return undefined;
  if (Number(port ?? DEFAULT_PORT) > 65_535 || Number(port ?? DEFAULT_PORT) === 0) return undefined;
  return { user, host: host.toLowerCase(), port: Number(port ?? DEFAULT_PORT), path };
}

/** The address in the form that git accepts. */
export function formatSshUrl(url: SshUrl): string {
  return `ssh://${url.user}@${url.host}${url.port === DEFAULT_PORT ? '' : `:${url.port}`}${url.path}`;
}

/** The host's name in a known hosts file: `host`, or `[host]:port` if the port is not 22. */
export function knownHostName({ host, port }: SshUrl): string {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  return port === DEFAULT_PORT ? bare : `[${bare}]:${port}`;
}

/** Turns `git@host:path` into an `ssh://` address. Returns any other text unchanged. */
export function expandScpForm(text: string): string {
  const [, host, path] = SCP_FORM.exec(text) ?? [];
  return host === undefined || path?.startsWith('//') ? text : `ssh://${host}/${path?.replace(/^\//, '')}`;
}

/** An address without trailing slashes. */
export function withoutTrailingSlashes(address: string): string {
  let end = address.length;
  while (address[end - 1] === '/') end--;
  return address.slice(0, end);
}
