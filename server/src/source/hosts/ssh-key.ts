import { invalidParameter } from '#rpc/errors/api-error.ts';
import { fingerprint } from './known-hosts.ts';

/** A private key for cloning, and its fingerprint, which identifies it without revealing it. */
export interface SshKey {
  /** In OpenSSH's own format, without a passphrase, ending with a newline. */
  privateKey: string;
  fingerprint: string;
}

const PEM = /^-----BEGIN OPENSSH PRIVATE KEY-----\n([A-Za-z0-9+/=\n]+)\n-----END OPENSSH PRIVATE KEY-----$/;
const MAGIC = 'openssh-key-v1\0';
const LENGTH_LIMIT = 16_384;

/**
 * Reads a private key in the format of OpenSSH's PROTOCOL.key: the magic word; then cipher, key derivation and its options, each
 * a string with a four-byte length; the number of keys; and the public key. Throws `InvalidParameter` that shows nothing of the
 * text.
 */
export function parseSshKey(text: string, field = 'SshKey'): SshKey {
  const plain = text.replaceAll('\r\n', '\n').trim();
  const body = PEM.exec(plain)?.[1];
  if (body === undefined || plain.length > LENGTH_LIMIT)
    throw invalidParameter(
      field,
      'it is not a private key in the format of OpenSSH. To convert an older format, run ssh-keygen -p -N "" -f FILE.',
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
      'it needs a passphrase, which the server cannot enter. Create a key without one for this purpose.',
    );
  return { privateKey: `${plain}\n`, fingerprint: fingerprint(publicKey.value.toString('base64')) };
}

/** The secret part of a private key: its lines without the first and last, which are the same in all keys. */
export function secretLines(privateKey: string): string {
  return privateKey.trim().split('\n').slice(1, -1).join('\n');
}

function stringAt(bytes: Buffer, start: number): { value: Buffer; end: number } | undefined {
  if (start + 4 > bytes.length) return undefined;
  const end = start + 4 + bytes.readUInt32BE(start);
  return end > bytes.length ? undefined : { value: bytes.subarray(start + 4, end), end };
}
