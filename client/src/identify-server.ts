import { readApiError } from './api-call-error.ts';
import type { ClientOptions } from './client.ts';
import { hmacSha256Hex, sha256Hex, signAcs3 } from './sign-acs3.ts';

/** What a server reports about itself, once it has proved that it knows the secret of the caller's key. */
export interface ServerIdentity {
  readonly InstanceId: string;
  readonly Version: string;
  /** The URL for clients, if the operator has set one. */
  readonly PublicUrl?: string;
}

/** The server at an endpoint is not the one that the caller's key belongs to. */
export class ServerNotProven extends Error {
  override readonly name = 'ServerNotProven';
}

const LONGEST_REPLY_CHARS = 65_536;

/**
 * Identifies the server at an endpoint, and has it prove that it knows the caller's secret: it receives a signature,
 * and answers with another signature over that one and its reply (server/src/native/operations/getServer.ts). Nothing
 * else has been sent by then. Throws `ServerNotProven`, `ApiCallError` if the server refuses the caller, `TypeError`
 * (from fetch) if it cannot be reached.
 */
export async function identifyServer(options: ClientOptions, signal?: AbortSignal): Promise<ServerIdentity> {
  const url = new URL('/api/v1/server', options.endpoint);
  const { headers, signature } = await signAcs3({ method: 'GET', url }, options);
  const response = await fetch(url, { headers, redirect: 'error', ...(signal ? { signal } : {}) });
  const body = (await response.text()).slice(0, LONGEST_REPLY_CHARS);
  if (!response.ok) throw readApiError(response.status, body);
  const proof = await hmacSha256Hex(
    options.accessKeySecret,
    `SLIPWAY-SERVER-PROOF\n${signature}\n${await sha256Hex(body)}`,
  );
  if (response.headers.get('x-slipway-proof') !== proof)
    throw new ServerNotProven(
      `the server at ${options.endpoint} does not know the secret of the key ${options.accessKeyId}, so it is another server; nothing was sent to it`,
    );
  return JSON.parse(body) as ServerIdentity;
}
