import { writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { AddressRefused, AddressUnknown, type AllowedAddresses, resolvePinned } from '#address/address.ts';
import { findRoute, type Proxies } from '#address/route.ts';
import { bareHostname } from '#registry/foreign/registry-host.ts';
import { authorizationOf, type CodeHostLogin } from '#source/hosts/code-host.ts';
import { formatKnownHosts } from '#source/hosts/known-hosts.ts';
import { formatSshUrl, knownHostName, parseSshUrl, type SshUrl } from '#source/hosts/ssh-url.ts';
import { BuildFailed } from '../failure/build-failed.ts';

/** A checked address of a repository, and what git needs to reach exactly that address. */
export interface GitRemote {
  /** In git's form. */
  url: string;
  /** As shown in logs. */
  shown: string;
  /** `host`, or `host:port`. */
  host: string;
  login: CodeHostLogin | undefined;
  /** The proxy on the way, if there is one. */
  proxy: string | undefined;
  /** Options of git before its command. */
  options: readonly string[];
  /** Credentials go through the environment, not into argv or a file. */
  env: Record<string, string>;
}

/** What may be used for one code host only. */
export interface OpenHost {
  login: CodeHostLogin | undefined;
  allowed: AllowedAddresses;
  /** What other than a setting would allow a denied address. */
  fix?: string;
}

/** How other hosts are reached, and which certificates are trusted. */
export interface Reach {
  proxies: Proxies;
  /** Certificates in PEM, including the machine's; undefined means only the machine's. */
  authorities: string | undefined;
}

/**
 * Resolves and checks an address, and pins it unless there is a proxy (SSH uses none). Throws `BuildFailed` as the
 * source's fault.
 */
export async function openRemote(text: string, host: OpenHost, home: string, reach: Reach): Promise<GitRemote> {
  const ssh = parseSshUrl(text);
  if (ssh) return openSsh(ssh, host, home);
  const url = parseHttpUrl(text);
  const route = await explained(findRoute(url.hostname, host.allowed, reach.proxies), url.hostname, host);
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

/**
 * What two addresses must share for one login to open both: scheme, user, host and port. Undefined if the text is not
 * an address.
 */
export function originOf(text: string): string | undefined {
  const ssh = parseSshUrl(text);
  return ssh ? formatSshUrl({ ...ssh, path: '' }) : URL.parse(text)?.origin;
}

function parseHttpUrl(text: string): URL {
  const url = URL.parse(text);
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    throw new BuildFailed(
      'source-address-malformed',
      `the source ${JSON.stringify(text)} is not an https://, http:// or ssh:// address`,
    );
  if (url.username !== '' || url.password !== '')
    throw new BuildFailed('source-address-malformed', 'the source address must not contain a user or a password');
  return url;
}

function pinOption(url: URL, address: string): string[] {
  const bare = bareHostname(url);
  // A numeric address needs no pin; curl does not accept an IPv6 address here.
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
      'source-key-missing',
      `${formatSshUrl(url)} needs an SSH key, and none is set (slipway source set … --ssh-key)`,
    );
  const address = await explained(resolvePinned(url.host, host.allowed), url.host, host);
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

/** In the folder where git runs while it fetches, so that no path must be quoted for a shell. */
const KNOWN_HOSTS = 'known_hosts';

/** The host key is looked up by host name; the connection goes to the checked address. */
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

async function explained<T>(resolving: Promise<T>, host: string, { fix }: OpenHost): Promise<T> {
  try {
    return await resolving;
  } catch (error) {
    if (!(error instanceof AddressRefused)) throw error;
    const more = fix === undefined || error instanceof AddressUnknown ? '' : `, or ${fix}`;
    const kind = error instanceof AddressUnknown ? 'source-host-unknown' : 'source-address-denied';
    throw new BuildFailed(kind, `the source host ${error.message}${more}`, { cause: error, facts: { host } });
  }
}
