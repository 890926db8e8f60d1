import { invalidParameter } from '#rpc/api-error.ts';
import { fingerprint } from './known-hosts.ts';

/** A private key that clones, and what tells it from others without giving it away. */
export interface SshKey {
  /** In OpenSSH's own format, without a passphrase, with a line end at its end. */
  privateKey: string;
  fingerprint: string;
}

const PEM = /^-----BEGIN OPENSSH PRIVATE KEY-----\n([A-Za-z0-9+/=\n]+)\n-----END OPENSSH PRIVATE KEY-----$/;
const MAGIC = 'openssh-key-v1\0';
const LENGTH_LIMIT = 16_384;

/**
 * Reads a private key in the format of PROTOCOL.key of OpenSSH: the magic word, then strings with a length of four bytes
 * each: cipher, key derivation, its options; the number of keys; the public key. Throws `InvalidParameter`, showing nothing
 * of the text.
 */
export function parseSshKey(text: string, field = 'SshKey'): SshKey {
  const plain = text.replaceAll('\r\n', '\n').trim();
  const body = PEM.exec(plain)?.[1];
  if (body === undefined || plain.length > LENGTH_LIMIT)
    throw invalidParameter(
      field,
      'it is not a private key in the format of OpenSSH. ssh-keygen -p -N "" -f FILE rewrites an older one.',
    );
  const bytes = Buffer.from(body, 'base64');
  const cipher = stringAt(bytes, MAGIC.length);
  const derivation = cipher && stringAt(bytes, cipher.end);
  const options = derivation && stringAt(bytes, derivation.end);
  const publicKey = options && stringAt(bytes, options.end + 4);
  if (bytes.toString('latin1', 0, MAGIC.length) !== MAGIC || cipher === undefined || publicKey === undefined)
    throw invalidParameter(field, 'it is a damaged private key.');
  if (cipher.value.toString() !== 'none')
    throw invalidParameter(
      field,
      'it needs a passphrase, which nobody could type here. Make a key without one for this purpose.',
    );
  return { privateKey: `${plain}\n`, fingerprint: fingerprint(publicKey.value.toString('base64')) };
}

/** What of a private key must not be shown: its lines but for the first and last, which all keys share. */
export function secretLines(privateKey: string): string {
  return privateKey.trim().split('\n').slice(1, -1).join('\n');
}

function stringAt(bytes: Buffer, start: number): { value: Buffer; end: number } | undefined {
  if (start + 4 > bytes.length) return undefined;
  const end = start + 4 + bytes.readUInt32BE(start);
  return end > bytes.length ? undefined : { value: bytes.subarray(start + 4, end), end };
}
