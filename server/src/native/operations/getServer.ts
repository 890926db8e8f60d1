import { createHash, createHmac } from 'node:crypto';
import { isBearer } from '../caller.ts';
import { type Exchange, type NativeContext, nativeOperation } from '../native-operation.ts';

/** Carries the proof: hex of an HMAC-SHA256 with the secret of the key that signed the request. */
const PROOF_HEADER = 'x-slipway-proof';
/** No signature of a request begins like this, so a proof cannot be used as one. */
const PROOF_LABEL = 'SLIPWAY-SERVER-PROOF';

/**
 * `GET /server`: which server this is, and proof that it knows the caller's secret. The proof covers the request's
 * signature, which is unique to it, and the reply (client/src/identify-server.ts checks it).
 */
export default nativeOperation('getServer', async (context, _params, { request, reply }) => {
  const { instanceId: InstanceId, version: Version, givenPublicUrl: PublicUrl, requestId: RequestId } = context;
  const body = JSON.stringify({ RequestId, InstanceId, Version, PublicUrl });
  if (!isBearer(request)) reply.header(PROOF_HEADER, await proofOf(context, request, body));
  reply.type('application/json').send(body);
  return undefined;
});

async function proofOf(
  { verifier, principal }: NativeContext,
  { headers }: Exchange['request'],
  body: string,
): Promise<string> {
  const key = await verifier.account.findKey(principal.accessKeyId);
  if (!key) throw new Error(`the key ${principal.accessKeyId} signed this request but does not exist`);
  const signature = /\bSignature=([0-9a-f]+)$/.exec(headers.authorization ?? '')?.[1] ?? '';
  const bodyHash = createHash('sha256').update(body).digest('hex');
  return createHmac('sha256', key.accessKeySecret).update(`${PROOF_LABEL}\n${signature}\n${bodyHash}`).digest('hex');
}
