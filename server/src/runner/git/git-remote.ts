import { writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { AddressRefused, AddressUnknown, type AllowedAddresses, resolvePinned } from '#address/address.ts';
import { findRoute, type Proxies } from '#address/route.ts';
import { bareHostname } from '#registry/foreign/registry-host.ts';
import { authorizationOf, type CodeHostLogin } from '#source/code-host.ts';
import { formatKnownHosts } from '#source/known-hosts.ts';
import { formatSshUrl, knownHostName, parseSshUrl, type SshUrl } from '#source/ssh-url.ts';
import { BuildFailed } from '../failure/build-failed.ts';

/** A repository's address once it was checked, and what git needs to reach that very address. */
export interface GitRemote {
  /** As git takes it. */
  url: string;
  /** As a log shows it. */
  shown: string;
  /** `host`, or `host:port`. */
  host: string;
  login: CodeHostLogin | undefined;
  /** The proxy on the way, if there is one. */
  proxy: string | undefined;
  /** Options of git before its command. */
  options: readonly string[];
  /** Credentials go through the environment: not into argv, and not into a file. */
  env: Record<string, string>;
}

/** What may be used for one code host, and for nobody else. */
export interface OpenHost {
  login: CodeHostLogin | undefined;
  allowed: AllowedAddresses;
  /** What else than a setting would allow a denied address. */
  fix?: string;
}

/** How the world is reached, and whose certificates are believed there. */
export interface Reach {
  proxies: Proxies;
  /** Certificates in PEM, those of the machine included; undefined where it is just those. */
  authorities: string | undefined;
}

/**
 * Checks where an address leads, and pins it there unless a proxy is on the way (SSH takes none). Throws `BuildFailed`
 * with the source's fault.
 */
export async function openRemote(text: string, host: OpenHost, home: string, reach: Reach): Promise<GitRemote> {
  const ssh = parseSshUrl(text);
  if (ssh) return openSsh(ssh, host, home);
  const url = parseHttpUrl(text);
  const route = await explained(findRoute(url.hostname, host.allowed, reach.proxies), host);
  const login = host.login && 'token' in host.login ? host.login : undefined;
  return {
    url: url.href,
    shown: `${url.origin}${url.pathname}`,
    host: url.host,
    login,
    proxy: 'proxy' in route ? route.proxy : undefined,
    options: [
      ...('proxy' in route ? ['-c', `http.proxy=${route.proxy}`] : pinOption(url, route.address)),
      ...(reach.authorities === undefined ? [] : await trustOption(home, reach.authorities)),
    ],
    env: login
      ? {
          GIT_CONFIG_COUNT: '1',
          GIT_CONFIG_KEY_0: `http.${url.origin}/.extraHeader`,
          GIT_CONFIG_VALUE_0: `Authorization: ${authorizationOf(login)}`,
        }
      : {},
  };
}

/** What two addresses share if one login may open both: scheme, user, host and port. Undefined if it is no address. */
export function originOf(text: string): string | undefined {
  const ssh = parseSshUrl(text);
  return ssh ? formatSshUrl({ ...ssh, path: '' }) : URL.parse(text)?.origin;
}

function parseHttpUrl(text: string): URL {
  const url = URL.parse(text);
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    throw new BuildFailed('source', `the source ${JSON.stringify(text)} is not an https://, http:// or ssh:// address`);
  if (url.username !== '' || url.password !== '')
    throw new BuildFailed('source', 'the source address must not carry a user or a password');
  return url;
}

function pinOption(url: URL, address: string): string[] {
  const bare = bareHostname(url);
  // An address leads nowhere else than to itself; curl takes no IPv6 one in this place.
  if (isIP(bare) !== 0) return [];
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return ['-c', `http.curloptResolve=${bare}:${port}:${address.includes(':') ? `[${address}]` : address}`];
}

async function trustOption(home: string, authorities: string): Promise<string[]> {
  const file = join(home, 'authorities.pem');
  await writeFile(file, authorities);
  return ['-c', `http.sslCAInfo=${file}`];
}

async function openSsh(url: SshUrl, host: OpenHost, home: string): Promise<GitRemote> {
  const { login } = host;
  if (login === undefined || 'token' in login)
    throw new BuildFailed(
      'settings',
      `${formatSshUrl(url)} needs an SSH key, and none is set for it (slipway source set … --ssh-key)`,
    );
  const address = await explained(resolvePinned(url.host, host.allowed), host);
  await writeFile(join(home, KNOWN_HOSTS), formatKnownHosts(login.hostKeys, url));
  return {
    url: formatSshUrl(url),
    shown: formatSshUrl(url),
    host: url.port === 22 ? url.host : `${url.host}:${url.port}`,
    login,
    proxy: undefined,
    options: [],
    env: { GIT_ALLOW_PROTOCOL: 'ssh', GIT_SSH_VARIANT: 'ssh', GIT_SSH_COMMAND: sshCommand(url, address) },
  };
}

/** In the folder that git stands in while it fetches, so that no path has to be quoted for a shell. */
const KNOWN_HOSTS = 'known_hosts';

/** The name of the host is what its key is known by; what is connected to is the address that was checked. */
function sshCommand(url: SshUrl, address: string): string {
  const options = {
    HostName: address,
    HostKeyAlias: knownHostName(url),
    UserKnownHostsFile: KNOWN_HOSTS,
    ...SSH_OPTIONS,
  };
  const words = Object.entries(options).map(([name, value]) => `-o '${name}=${value}'`);
  return `ssh -F /dev/null ${words.join(' ')}`;
}

const SSH_OPTIONS = {
  BatchMode: 'yes',
  StrictHostKeyChecking: 'yes',
  GlobalKnownHostsFile: '/dev/null',
  UpdateHostKeys: 'no',
  CheckHostIP: 'no',
  CanonicalizeHostname: 'no',
  PreferredAuthentications: 'publickey',
  IdentityFile: 'none',
  ForwardAgent: 'no',
  ClearAllForwardings: 'yes',
  ProxyCommand: 'none',
  ControlMaster: 'no',
  ControlPath: 'none',
  RequestTTY: 'no',
  ConnectTimeout: '15',
  ServerAliveInterval: '15',
  ServerAliveCountMax: '2',
};

async function explained<T>(resolving: Promise<T>, { fix }: OpenHost): Promise<T> {
  try {
    return await resolving;
  } catch (error) {
    if (!(error instanceof AddressRefused)) throw error;
    const more = fix === undefined || error instanceof AddressUnknown ? '' : `, or ${fix}`;
    const fault = error instanceof AddressUnknown ? 'source' : 'settings';
    throw new BuildFailed(fault, `the source host ${error.message}${more}`, { cause: error });
  }
}
