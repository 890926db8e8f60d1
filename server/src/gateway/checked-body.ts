import { createHash } from 'node:crypto';
import { Transform } from 'node:stream';
import { ApiError } from '#rpc/api-error.ts';

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
      const message =
        'The request signature does not conform to the standard: the body is not the one that was signed.';
      done(same ? null : new ApiError('IncompleteSignature', 400, message));
    },
  });
}
