import { createHash } from 'node:crypto';
import { incompleteSignature } from './incomplete-signature.ts';

/**
 * Passes a streamed body on and fails at its end unless its SHA-256 is the one that was signed. Whoever stores the
 * body must keep it out of sight until the stream has ended well.
 */
export async function* checkedBody(body: AsyncIterable<Buffer>, contentSha256: string): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  for await (const chunk of body) {
    hash.update(chunk);
    yield chunk;
  }
  if (hash.digest('hex') !== contentSha256) throw incompleteSignature('the body is not the one that was signed.');
}

/** Refuses a body other than the one whose hash was signed. */
export function checkBodyHash(contentSha256: string, body: Buffer): void {
  const actual = createHash('sha256').update(body).digest('hex');
  if (actual !== contentSha256) {
    throw incompleteSignature(`x-acs-content-sha256 is not the SHA-256 of the body, ${actual}.`);
  }
}
