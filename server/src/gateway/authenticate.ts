import type { Principal } from '#ram/principal.ts';
import { invalidParameter } from '#rpc/errors/api-error.ts';
import type { CallOrigin } from '#signature/call-origin.ts';
import { checkBodyHash } from '#signature/checked-body.ts';
import { acs3Parts } from '#signature/signature-acs3.ts';
import { v1Parts } from '#signature/signature-v1.ts';
import { type Verifier, verifySignature } from '#signature/verify-signature.ts';
import type { FoundOperation } from './find-operation.ts';
import type { RpcRequest } from './read-request.ts';

/** Who signed this request; throws the vendor's codes unless someone known did, now, and for the first time. */
export async function authenticate(
  request: RpcRequest,
  { style }: FoundOperation,
  verifier: Verifier,
  origin: CallOrigin,
): Promise<Principal> {
  if (style === 'v1') return verifySignature(v1Parts(request), verifier, origin);
  const alsoSigned = ['x-acs-action', 'x-acs-version', ...(request.body.length > 0 ? ['content-type'] : [])];
  const parts = acs3Parts({ ...request, path: '/', alsoSigned, publicHost: verifier.publicHost });
  checkBodyHash(parts.contentSha256, request.body);
  const named = request.headers.get('x-acs-accesskey-id')?.[0];
  if (named !== undefined && named.trim() !== parts.accessKeyId) {
    throw invalidParameter('x-acs-accesskey-id', 'it differs from the Credential that signed.');
  }
  return verifySignature(parts, verifier, origin);
}
