import { createHash } from 'node:crypto';
import { Transform } from 'node:stream';
import { incompleteSignature } from './incomplete-signature.ts';

/**
 * Passes a streamed body on and fails at its end unless its SHA-256 is the one that was signed. Whoever stores the
 * body must keep it out of sight until the stream has ended well.
 */
export function checkedBody(contentSha256: string): Transform {
  const hash = createHash('sha256');
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
    flush(done) {
      const same = hash.digest('hex') === contentSha256;
      done(same ? null : incompleteSignature('the body is not the one that was signed.'));
    },
  });
}
