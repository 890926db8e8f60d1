import { hash } from 'node:crypto';
import { missingParameter } from '#rpc/errors/api-error.ts';
import type { Headers } from './headers.ts';
import { hmac } from './hmac.ts';
import { incompleteSignature } from './incomplete-signature.ts';
import { canonicalQuery } from './rfc3986.ts';
import type { Parameter } from './url-encoded.ts';
import type { SignedParts } from './verify-signature.ts';

/** The parts of a request that ACS3 signs, in addition to the hash of its body. */
export interface Acs3Request {
  readonly method: string;
  /** As sent, percent-encoded; `/` for RPC. */
  readonly path: string;
  readonly query: readonly Parameter[];
  readonly headers: Headers;
  /** Headers that must be present and signed, in addition to those required of every request. */
  readonly alsoSigned: readonly string[];
  /** Another host that the client may have signed in place of the received one. */
  readonly publicHost?: string | undefined;
}

const ALGORITHM = 'ACS3-HMAC-SHA256';
const ALWAYS_SIGNED = ['host', 'x-acs-date', 'x-acs-signature-nonce', 'x-acs-content-sha256'];

/**
 * Form ACS3 (https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature):
 *
 *     canonical request = METHOD \n path \n canonical query \n name:value\n… \n names \n body hash
 *     string to sign    = ACS3-HMAC-SHA256 \n hex(sha256(canonical request))
 *     signature         = hex(HMAC-SHA256(secret, string to sign))
 *
 * Every received `x-acs-*` header must be signed, and every signed header must be present exactly once. The caller compares
 * `contentSha256` with the body.
 */
export function acs3Parts(request: Acs3Request): SignedParts & { contentSha256: string } {
  const { credential, signedHeaders, signature } = parseAuthorization(request.headers);
  for (const name of [...ALWAYS_SIGNED, ...request.alsoSigned]) {
    if (!request.headers.has(name)) throw missingParameter(name);
    if (!signedHeaders.includes(name)) throw incompleteSignature(`the header ${name} is not signed.`);
  }
  for (const name of request.headers.keys()) {
    const matters = name.startsWith('x-acs-');
    if (matters && !signedHeaders.includes(name)) throw incompleteSignature(`the header ${name} is not signed.`);
  }
  const header = (name: string) => onlyValue(request.headers, name);
  const contentSha256 = header('x-acs-content-sha256');
  const asSeen = acs3StringToSign(acs3CanonicalRequest(request, signedHeaders, contentSha256));
  const { publicHost } = request;
  const behindProxy = publicHost !== undefined && publicHost !== header('host');
  const tokenHeader = 'x-acs-security-token';
  return {
    accessKeyId: credential,
    signature,
    nonce: header('x-acs-signature-nonce'),
    timeStamp: header('x-acs-date'),
    securityToken: request.headers.has(tokenHeader) ? header(tokenHeader) : undefined,
    contentSha256,
    stringsToSign: behindProxy ? [asSeen, asSentTo(publicHost, request, signedHeaders, contentSha256)] : [asSeen],
    sign: acs3Signature,
  };
}

/** The canonical request with exactly these headers and their received values. */
export function acs3CanonicalRequest(
  request: Pick<Acs3Request, 'method' | 'path' | 'query' | 'headers'>,
  signedHeaders: readonly string[],
  contentSha256: string,
): string {
  const headerLines = signedHeaders.map((name) => `${name}:${onlyValue(request.headers, name)}\n`).join('');
  const { method, path, query } = request;
  const parts = [method, path, canonicalQuery(query), headerLines, signedHeaders.join(';'), contentSha256];
  return parts.join('\n');
}

/** The algorithm and the hash of the canonical request, each on a line. */
export function acs3StringToSign(canonicalRequest: string): string {
  return `${ALGORITHM}\n${hash('sha256', canonicalRequest, 'hex')}`;
}

/** Lower-case hex of HMAC-SHA256 with the secret as the key. */
export function acs3Signature(secret: string, stringToSign: string): string {
  return hmac('sha256', secret, stringToSign, 'hex');
}

/** The string to sign for the same request, sent to the public host. */
function asSentTo(host: string, request: Acs3Request, signedHeaders: string[], contentSha256: string): string {
  const headers = new Map(request.headers).set('host', [host]);
  return acs3StringToSign(acs3CanonicalRequest({ ...request, headers }, signedHeaders, contentSha256));
}

function parseAuthorization(headers: Headers): { credential: string; signedHeaders: string[]; signature: string } {
  const value = headers.has('authorization') ? onlyValue(headers, 'authorization') : '';
  if (value === '') throw missingParameter('Authorization');
  if (!value.startsWith(`${ALGORITHM} `)) throw incompleteSignature(`only ${ALGORITHM} is accepted.`);
  const fields = new Map<string, string>();
  for (const field of value.slice(ALGORITHM.length + 1).split(',')) {
    const [, name, text] = /^ *(Credential|SignedHeaders|Signature)=([^ ]+) *$/.exec(field) ?? [];
    if (name === undefined || text === undefined || fields.has(name)) {
      throw incompleteSignature('Authorization needs Credential, SignedHeaders and Signature, once each.');
    }
    fields.set(name, text);
  }
  const get = (name: string) => fields.get(name) ?? missing(name);
  const signedHeaders = get('SignedHeaders').split(';');
  const ordered = signedHeaders.every((name, i) => i === 0 || (signedHeaders[i - 1] ?? '') < name);
  if (!ordered || signedHeaders.some((name) => !/^[a-z0-9-]+$/.test(name))) {
    throw incompleteSignature('SignedHeaders must be lower-case, sorted, and name each header once.');
  }
  const absent = signedHeaders.find((name) => !headers.has(name));
  if (absent !== undefined) throw incompleteSignature(`the signed header ${absent} is missing.`);
  return { credential: get('Credential'), signedHeaders, signature: get('Signature') };
}

function onlyValue(headers: Headers, name: string): string {
  const values = headers.get(name) ?? [];
  if (values.length !== 1) throw incompleteSignature(`the header ${name} was sent ${values.length} times.`);
  return (values[0] ?? '').trim();
}

function missing(name: string): never {
  throw missingParameter(name);
}
