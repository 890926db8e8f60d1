import { createHmac, hash } from 'node:crypto';

/** Both SHA-1 and SHA-256 work on blocks of this size. */
const BLOCK_BYTES = 64;
const DIGEST_BYTES = { sha1: 20, sha256: 32 } as const;
const INNER_PAD = 0x36;
const OUTER_PAD = 0x5c;
/** A character takes at most three bytes of UTF-8. */
const TEXT_LIMIT_CHARS = 8 * 1024;

/** The padded key and the text, and the padded key and the inner digest. Each call writes its own. */
const inner = Buffer.alloc(BLOCK_BYTES + 3 * TEXT_LIMIT_CHARS);
const outer = Buffer.alloc(BLOCK_BYTES + DIGEST_BYTES.sha256);

/**
 * The HMAC of a text (RFC 2104): H(key ^ opad, H(key ^ ipad, text)). For what requests usually have, it takes two of OpenSSL's
 * one-shot digests: setting up its own HMAC for each request costs several times as much as computing it.
 */
export function hmac(algorithm: 'sha1' | 'sha256', secret: string, text: string, encoding: 'base64' | 'hex'): string {
  const keyBytes = Buffer.byteLength(secret);
  if (keyBytes > BLOCK_BYTES || text.length > TEXT_LIMIT_CHARS)
    return createHmac(algorithm, secret).update(text).digest(encoding);
  inner.write(secret, 0);
  for (let at = 0; at < BLOCK_BYTES; at += 1) {
    const byte = at < keyBytes ? (inner[at] ?? 0) : 0;
    inner[at] = byte ^ INNER_PAD;
    outer[at] = byte ^ OUTER_PAD;
  }
  const innerBytes = BLOCK_BYTES + inner.write(text, BLOCK_BYTES);
  outer.write(hash(algorithm, inner.subarray(0, innerBytes), 'binary'), BLOCK_BYTES, 'latin1');
  return hash(algorithm, outer.subarray(0, BLOCK_BYTES + DIGEST_BYTES[algorithm]), encoding);
}
