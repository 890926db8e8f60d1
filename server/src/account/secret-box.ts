import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import type { SecretBox } from '#rpc/context.ts';

/** The length in bytes of a secret box's key. */
export const SECRET_KEY_BYTES = 32;

/**
 * A secret box that uses AES-256-GCM. A sealed text is `v1.` followed by the base64url of
 *
 *     12 bytes nonce, random | ciphertext | 16 bytes tag
 *
 * with the record's id as associated data. The key of a MAC is HKDF-SHA-256 of the box's key, with `slipway mac <purpose>` as
 * info. Throws if the key has another length.
 */
export function secretBox(key: Buffer): SecretBox {
  if (key.length !== SECRET_KEY_BYTES)
    throw new Error(`the secret key has ${key.length} bytes, not ${SECRET_KEY_BYTES}`);
  const macKeys = new Map<string, Buffer>();
  const mac = (purpose: string, text: string) => {
    const macKey = macKeys.get(purpose) ?? Buffer.from(hkdfSync('sha256', key, '', `slipway mac ${purpose}`, 32));
    macKeys.set(purpose, macKey);
    return createHmac('sha256', macKey).update(text).digest('hex');
  };
  return {
    seal(recordId, secret) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES }).setAAD(
        Buffer.from(recordId),
      );
      const sealed = Buffer.concat([nonce, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `${VERSION}${sealed.toString('base64url')}`;
    },
    open(recordId, sealed) {
      const bytes = Buffer.from(sealed.slice(VERSION.length), 'base64url');
      if (!sealed.startsWith(VERSION) || bytes.length < NONCE_BYTES + TAG_BYTES) {
        throw new Error(`the secret of ${recordId} is damaged`);
      }
      const nonce = bytes.subarray(0, NONCE_BYTES);
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.from(recordId)).setAuthTag(bytes.subarray(-TAG_BYTES));
      try {
        const text = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
        return Buffer.concat([text, decipher.final()]).toString('utf8');
      } catch (cause) {
        throw new Error(`the secret of ${recordId} cannot be opened: another key sealed it, or it was changed`, {
          cause,
        });
      }
    },
    mac,
    isMac(purpose, text, given) {
      const expected = Buffer.from(mac(purpose, text));
      const claimed = Buffer.from(given);
      return claimed.length === expected.length && timingSafeEqual(claimed, expected);
    },
  };
}

const VERSION = 'v1.';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
