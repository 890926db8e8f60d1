import { createHash, createHmac } from 'node:crypto';
import { invalidParameter } from '#rpc/api-error.ts';
import { knownHostName, type SshUrl } from './ssh-url.ts';

/** A key by which a host is known. */
export interface HostKey {
  /** As sshd(8) describes the lines of SSH_KNOWN_HOSTS: `ssh-ed25519`, and the key in base64. */
  type: string;
  key: string;
}

const HOST_KEYS_LIMIT = 20;
const TEXT_LIMIT = 1024 * 1024;

/**
 * The keys of a host out of a known hosts file (the format of sshd(8); names may be hashed, wildcards are not looked at).
 * Throws `InvalidParameter` if the file has none for it: a host whose key nobody vouches for is not cloned from.
 */
export function parseKnownHosts(text: string, url: SshUrl): HostKey[] {
  if (text.length > TEXT_LIMIT) throw invalidParameter('KnownHosts', `it is longer than ${TEXT_LIMIT} characters.`);
  const name = knownHostName(url);
  const keys = text.split(/\r?\n/).flatMap((line) => {
    const [hosts = '', type = '', key = ''] = line.trim().split(/\s+/);
    const isKey = /^[a-z0-9@.-]{3,64}$/.test(type) && /^[A-Za-z0-9+/]{32,8192}={0,2}$/.test(key);
    return isKey && namesHost(hosts, name) ? [{ type, key }] : [];
  });
  if (keys.length === 0)
    throw invalidParameter(
      'KnownHosts',
      `it has no key for ${name}. Fetch one with ssh-keyscan, and compare what ssh-keygen -lf says of it with what the host publishes.`,
    );
  return keys.slice(0, HOST_KEYS_LIMIT);
}

/** The file by which ssh knows the host, under the name that it is told with HostKeyAlias. */
export function formatKnownHosts(keys: readonly HostKey[], url: SshUrl): string {
  return keys.map(({ type, key }) => `${knownHostName(url)} ${type} ${key}\n`).join('');
}

/** `SHA256:…`, as ssh and code hosts show a key. */
export function fingerprint(key: string): string {
  const digest = createHash('sha256').update(Buffer.from(key, 'base64')).digest('base64');
  return `SHA256:${digest.replaceAll('=', '')}`;
}

function namesHost(hosts: string, name: string): boolean {
  const [, salt, hash] = /^\|1\|([A-Za-z0-9+/=]+)\|([A-Za-z0-9+/=]+)$/.exec(hosts) ?? [];
  if (salt === undefined) return hosts.toLowerCase().split(',').includes(name);
  return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash;
}
