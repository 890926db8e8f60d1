import { encodeRfc3986 } from './rfc3986.ts';

/** A key pair that signs, with the security token if it is temporary. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken?: string | undefined;
}

/** A request to sign. */
export interface Acs3Input {
  readonly method: string;
  /** Absolute URL. The path is signed as is, the query by its decoded names and values. */
  readonly url: URL;
  /** More headers to send; `content-type` and `x-acs-*` headers are signed. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Lowercase hex SHA-256 of the body; by default, of an empty body. Given in advance, so that a body can be streamed.
   */
  readonly contentSha256?: string;
}

/** The signed request and the steps of its signature, for debugging. */
export interface Acs3Signature {
  /** All headers to send except `host`, which the transport sets to the URL's host. */
  readonly headers: Record<string, string>;
  readonly canonicalRequest: string;
  readonly stringToSign: string;
  readonly signature: string;
}

const ALGORITHM = 'ACS3-HMAC-SHA256';
const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/**
 * Signs a request in ACS3 form
 * (https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature). Each call uses a new
 * nonce and the current time; `fixed` sets them for test vectors.
 */
export async function signAcs3(
  input: Acs3Input,
  credentials: Credentials,
  fixed: { nonce?: string; timeMs?: number } = {},
): Promise<Acs3Signature> {
  const contentSha256 = input.contentSha256 ?? EMPTY_SHA256;
  const token = credentials.securityToken;
  const given = Object.entries(input.headers ?? {}).map(([name, value]): [string, string] => [
    name.toLowerCase(),
    value,
  ]);
  const signed: Record<string, string> = {
    ...Object.fromEntries(given.filter(([name]) => name === 'content-type' || name.startsWith('x-acs-'))),
    host: input.url.host,
    'x-acs-content-sha256': contentSha256,
    'x-acs-date': new Date(fixed.timeMs ?? Date.now()).toISOString().replace(/\.\d+Z$/, 'Z'),
    'x-acs-signature-nonce': fixed.nonce ?? crypto.randomUUID(),
    ...(token ? { 'x-acs-accesskey-id': credentials.accessKeyId, 'x-acs-security-token': token } : {}),
  };
  const names = Object.keys(signed).sort();
  const canonicalRequest = [
    input.method,
    input.url.pathname,
    canonicalQuery(input.url.searchParams),
    names.map((name) => `${name}:${(signed[name] ?? '').trim()}\n`).join(''),
    names.join(';'),
    contentSha256,
  ].join('\n');
  const stringToSign = `${ALGORITHM}\n${await sha256Hex(canonicalRequest)}`;
  const signature = await hmacSha256Hex(credentials.accessKeySecret, stringToSign);
  const { host: _, ...sent } = signed;
  const fields = `Credential=${credentials.accessKeyId},SignedHeaders=${names.join(';')},Signature=${signature}`;
  return {
    headers: { ...Object.fromEntries(given), ...sent, authorization: `${ALGORITHM} ${fields}` },
    canonicalRequest,
    stringToSign,
    signature,
  };
}

/** Lowercase hex SHA-256 of text or bytes. */
export async function sha256Hex(data: string | Uint8Array<ArrayBuffer>): Promise<string> {
  return hex(await crypto.subtle.digest('SHA-256', typeof data === 'string' ? encoder.encode(data) : data));
}

function canonicalQuery(query: URLSearchParams): string {
  return [...query]
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, value]) => `${encodeRfc3986(name)}=${encodeRfc3986(value)}`)
    .join('&');
}

/** Lowercase hex HMAC-SHA256 of a text. */
export async function hmacSha256Hex(secret: string, text: string): Promise<string> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', encoder.encode(secret), algorithm, false, ['sign']);
  return hex(await crypto.subtle.sign('HMAC', key, encoder.encode(text)));
}

function hex(bytes: ArrayBuffer): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const encoder = new TextEncoder();
