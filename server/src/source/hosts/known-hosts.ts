import { createHash, createHmac } from 'node:crypto';
import { invalidParameter } from '#rpc/errors/api-error.ts';
import { knownHostName, type SshUrl } from './ssh-url.ts';

/** A key that identifies a host. */
export interface HostKey {
  /** As in SSH_KNOWN_HOSTS lines, see sshd(8): `ssh-ed25519`, and the key in base64. */
  type: string;
  key: string;
}

const HOST_KEYS_LIMIT = 20;
const TEXT_LIMIT = 1024 * 1024;

/**
 * Reads a host's keys from a known hosts file (the format of sshd(8); names may be hashed, wildcards are ignored). Throws
 * `InvalidParameter` if it has none, because Slipway does not clone from a host that it cannot verify.
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
      `it has no key for ${name}. Fetch one with ssh-keyscan, and compare its fingerprint from ssh-keygen -lf with the one that the host publishes.`,
    );
  return keys.slice(0, HOST_KEYS_LIMIT);
}

/** The known hosts file for ssh, under the name that HostKeyAlias sets. */
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
