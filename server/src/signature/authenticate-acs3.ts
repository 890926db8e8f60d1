import type { IncomingMessage } from 'node:http';
import type { Principal } from '#ram/principal.ts';
import { callOrigin, type OriginMessage } from './call-origin.ts';
import { checkBodyHash } from './checked-body.ts';
import { readHeaders } from './headers.ts';
import { acs3Parts } from './signature-acs3.ts';
import { parseUrlEncoded, queryOf } from './url-encoded.ts';
import { type Verifier, verifySignature } from './verify-signature.ts';

/** Who signed a request, and the hash that its body must have. */
export interface Acs3Authentication {
  readonly principal: Principal;
  /** Lower-case hex. If no body was given, the caller must check it while reading, with `checkedBody`. */
  readonly contentSha256: string;
}

/**
 * Authenticates a request to any path that is signed with ACS3. Checks the same as the RPC gateway: path as sent, query,
 * headers, the body's hash, time and nonce. Throws `ApiError`.
 */
export async function authenticateAcs3(
  message: Pick<IncomingMessage, 'method' | 'url'> & OriginMessage,
  verifier: Verifier,
  body?: Buffer,
): Promise<Acs3Authentication> {
  const target = message.url ?? '/';
  const parts = acs3Parts({
    method: message.method ?? 'GET',
    path: target.split('?', 1)[0] ?? '/',
    query: parseUrlEncoded(queryOf(target)),
    headers: readHeaders(message.rawHeaders),
    alsoSigned: [],
    publicHost: verifier.publicHost,
  });
  if (body !== undefined) checkBodyHash(parts.contentSha256, body);
  const origin = callOrigin(message, verifier.trustedProxies);
  const principal = await verifySignature(parts, verifier, origin);
  verifier.nonces.write();
  return { principal, contentSha256: parts.contentSha256 };
}
