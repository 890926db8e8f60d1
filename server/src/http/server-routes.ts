import { createHash, createHmac } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { readQuery } from './api-query.ts';
import { callerOf, isBearer, type NativeApi } from './native-api.ts';

/** What a server says of itself. */
export interface ServerRoutesOptions {
  api: NativeApi;
  version: string;
  /** How clients reach the port, where that was set. */
  publicUrl: string | undefined;
}

/** Carries the proof: hex of an HMAC-SHA256 with the secret of the key that signed the request. */
const PROOF_HEADER = 'x-slipway-proof';
/** No signature of a request begins so: a proof is none. */
const PROOF_LABEL = 'SLIPWAY-SERVER-PROOF';

/**
 * `GET /server`: which server this is, and that it is one that knows the caller's secret. The proof is made over the
 * signature of the request, which no other request has, and over the reply (client/src/identify-server.ts checks it).
 */
export async function serverRoutes(app: FastifyInstance, options: ServerRoutesOptions): Promise<void> {
  const { api, version, publicUrl: PublicUrl } = options;
  app.get('/server', async (request, reply) => {
    const caller = await callerOf(api, request);
    readQuery(request, {});
    const body = JSON.stringify({ RequestId: request.id, InstanceId: api.instanceId, Version: version, PublicUrl });
    if (!isBearer(request)) reply.header(PROOF_HEADER, await proofOf(api, caller.accessKeyId, request, body));
    return reply.type('application/json').send(body);
  });
}

async function proofOf(api: NativeApi, keyId: string, request: FastifyRequest, body: string): Promise<string> {
  const key = await api.verifier.account.findKey(keyId);
  if (!key) throw new Error(`the key ${keyId} has signed and is not there`);
  const signature = /\bSignature=([0-9a-f]+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  const bodyHash = createHash('sha256').update(body).digest('hex');
  return createHmac('sha256', key.accessKeySecret).update(`${PROOF_LABEL}\n${signature}\n${bodyHash}`).digest('hex');
}
