import { createHash, hash } from 'node:crypto';
import { incompleteSignature } from './incomplete-signature.ts';

/**
 * Passes on a streamed body, and throws at its end unless the body has the signed SHA-256. Code that stores the body must not
 * make it visible until the stream has ended without an error.
 */
export async function* checkedBody(body: AsyncIterable<Buffer>, contentSha256: string): AsyncGenerator<Buffer> {
  const digest = createHash('sha256');
  for await (const chunk of body) {
    digest.update(chunk);
    yield chunk;
  }
  if (digest.digest('hex') !== contentSha256) throw incompleteSignature('the body is not the one that was signed.');
}

/** Throws unless the body has the signed hash. */
export function checkBodyHash(contentSha256: string, body: Buffer): void {
  const actual = hash('sha256', body, 'hex');
  if (actual !== contentSha256) {
    throw incompleteSignature(`x-acs-content-sha256 is not the SHA-256 of the body, ${actual}.`);
  }
}
