import { createHash, randomUUID } from 'node:crypto';
import type { ForeignAccess } from '#registry/foreign/foreign-registry.ts';
import { pinnedRequest, readBody } from '#registry/foreign/pinned-request.ts';
import { RegistryError } from '#registry/foreign/registry-error.ts';
import { acs3CanonicalRequest, acs3Signature, acs3StringToSign } from '#signature/signature-acs3.ts';

const REPLY_LIMIT_BYTES = 65_536;

/** Asks a server of the vendor's API for a login to its registry that lasts an hour. Throws RegistryError. */
export async function peerLogin(
  peer: { api: string; accessKeyId: string; accessKeySecret: string; instanceId: string },
  access: Pick<ForeignAccess, 'pin' | 'authorities'> & { signal: AbortSignal },
): Promise<{ user: string; password: string }> {
  const url = new URL(peer.api);
  url.searchParams.set('InstanceId', peer.instanceId);
  const headers = signedHeaders(url, peer);
  const answer = await pinnedRequest(url, headers, { ...access, tlsVerify: url.protocol === 'https:' });
  const text = (await readBody(answer, REPLY_LIMIT_BYTES, `${url.host}: the login`)).toString();
  const status = answer.statusCode ?? 0;
  const { TempUsername, AuthorizationToken, Code, Message } = parseReply(text);
  if (status === 200 && typeof TempUsername === 'string' && typeof AuthorizationToken === 'string')
    return { user: TempUsername, password: AuthorizationToken };
  const words = typeof Message === 'string' ? `: ${String(Code).slice(0, 100)}: ${Message.slice(0, 500)}` : '';
  const kind = status === 401 || status === 403 ? 'unauthorised' : 'refused';
  throw new RegistryError(kind, `${url.host} does not give a login (HTTP ${status})${words}`, '', { status });
}

function signedHeaders(url: URL, { accessKeyId, accessKeySecret }: { accessKeyId: string; accessKeySecret: string }) {
  const bodyHash = createHash('sha256').update('').digest('hex');
  const headers: Record<string, string> = {
    host: url.host,
    'x-acs-action': 'GetAuthorizationToken',
    'x-acs-content-sha256': bodyHash,
    'x-acs-date': new Date().toISOString().replace(/\.\d{3}Z$/, 'Z'),
    'x-acs-signature-nonce': randomUUID(),
    'x-acs-version': '2018-12-01',
  };
  const names = Object.keys(headers).toSorted();
  const query = [...url.searchParams];
  const received = new Map(Object.entries(headers).map(([name, value]) => [name, [value]]));
  const request = { method: 'GET', path: '/', query, headers: received };
  const signature = acs3Signature(accessKeySecret, acs3StringToSign(acs3CanonicalRequest(request, names, bodyHash)));
  const parts = `Credential=${accessKeyId},SignedHeaders=${names.join(';')},Signature=${signature}`;
  return { ...headers, authorization: `ACS3-HMAC-SHA256 ${parts}` };
}

function parseReply(text: string): Record<string, unknown> {
  try {
    const reply: unknown = JSON.parse(text);
    return typeof reply === 'object' && reply !== null ? (reply as Record<string, unknown>) : {};
  } catch {
    // A reply that is not JSON has no login.
    return {};
  }
}
