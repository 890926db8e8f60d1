import { createHash, randomUUID } from 'node:crypto';
import { type IncomingHttpHeaders, request } from 'node:http';
import { canonicalQuery } from '../../signature/rfc3986.ts';
import { acs3CanonicalRequest, acs3Signature, acs3StringToSign } from '../../signature/signature-acs3.ts';
import { v1Signature, v1StringToSign } from '../../signature/signature-v1.ts';
import type { GatewayUnderTest } from './gateway.ts';

/** A reply as it came. */
export interface RawReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/**
 * Sends a request as it is written, by `node:http`, which repairs less than fetch. Headers may be a flat list of names
 * and values, so that a name can appear twice.
 */
export function send(
  gateway: Pick<GatewayUnderTest, 'endpoint'>,
  target: string,
  options: { method?: string; headers?: Record<string, string> | readonly string[]; body?: string | Buffer } = {},
): Promise<RawReply> {
  const { method = 'GET', headers = {}, body } = options;
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(gateway.endpoint);
    const outgoing = request({ hostname, port, path: target, method, headers, agent: false }, (reply) => {
      const chunks: Buffer[] = [];
      reply.on('data', (chunk: Buffer) => chunks.push(chunk));
      reply.on('error', reject);
      reply.on('end', () => {
        resolve({ status: reply.statusCode ?? 0, headers: reply.headers, body: Buffer.concat(chunks).toString() });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** The parameters of a call signed in form v1; `Format` JSON unless said otherwise. */
export function signV1(
  gateway: Pick<GatewayUnderTest, 'accessKeyId' | 'accessKeySecret'>,
  method: string,
  params: Record<string, string>,
): Record<string, string> {
  const parameters: Record<string, string> = {
    Version: '2018-12-01',
    Format: 'JSON',
    AccessKeyId: gateway.accessKeyId,
    SignatureMethod: 'HMAC-SHA1',
    SignatureVersion: '1.0',
    SignatureNonce: randomUUID(),
    Timestamp: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
    ...params,
  };
  const stringToSign = v1StringToSign(method, Object.entries(parameters));
  return { ...parameters, Signature: v1Signature(gateway.accessKeySecret, stringToSign) };
}

/**
 * The header lines of a POST on `/`, or another path, signed in form ACS3: those given (`x-acs-action` among them, and the
 * `content-type` of a body), those of every request, and Authorization.
 */
export function signAcs3(
  gateway: Pick<GatewayUnderTest, 'accessKeyId' | 'accessKeySecret' | 'host'>,
  given: Record<string, string>,
  query: readonly (readonly [string, string])[] = [],
  body: string | Buffer = '',
  path = '/',
): [string, string][] {
  const lines: Record<string, string> = {
    host: gateway.host,
    'x-acs-content-sha256': createHash('sha256').update(body).digest('hex'),
    'x-acs-date': new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
    'x-acs-signature-nonce': randomUUID(),
    'x-acs-version': '2018-12-01',
    ...given,
  };
  const names = Object.keys(lines).sort();
  const headers = new Map(Object.entries(lines).map(([name, value]) => [name, [value]]));
  const hash = lines['x-acs-content-sha256'] ?? '';
  const canonical = acs3CanonicalRequest({ method: 'POST', path, query, headers }, names, hash);
  const signature = acs3Signature(gateway.accessKeySecret, acs3StringToSign(canonical));
  const fields = `Credential=${gateway.accessKeyId},SignedHeaders=${names.join(';')},Signature=${signature}`;
  return [...Object.entries(lines), ['authorization', `ACS3-HMAC-SHA256 ${fields}`]];
}

/** The target of a GET with these parameters. */
export function target(parameters: Record<string, string>): string {
  return `/?${canonicalQuery(Object.entries(parameters))}`;
}

/** Calls an operation by a GET signed in form v1. */
export function callV1(
  gateway: GatewayUnderTest,
  action: string,
  params: Record<string, string> = {},
): Promise<RawReply> {
  return send(gateway, target(signV1(gateway, 'GET', { Action: action, ...params })));
}
