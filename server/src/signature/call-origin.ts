import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { type IpRange, ipInRange } from '#ram/ip-range.ts';
import { readHeaders } from './headers.ts';

/** Where a call came from, as far as somebody who is believed says so. */
export interface CallOrigin {
  readonly sourceIp: string | undefined;
  readonly secureTransport: boolean;
}

/** What of a request tells where it came from. */
export type OriginMessage = Pick<IncomingMessage, 'rawHeaders'> & { readonly socket?: IncomingMessage['socket'] };

/**
 * The client's address and whether it spoke TLS. `X-Forwarded-For` is read from its end, and only as long as those who
 * wrote it are trusted proxies: whatever stands before the first stranger, that stranger may have made up.
 * `X-Forwarded-Proto` is believed of a trusted proxy that is connected to us.
 */
export function callOrigin({ socket, rawHeaders }: OriginMessage, trustedProxies: readonly IpRange[] = []): CallOrigin {
  const peer = plain(socket?.remoteAddress);
  const encrypted = (socket as TLSSocket | undefined)?.encrypted === true;
  const trusted = (address: string | undefined) =>
    address !== undefined && trustedProxies.some((range) => ipInRange(address, range));
  if (!trusted(peer)) return { sourceIp: peer, secureTransport: encrypted };
  const headers = readHeaders(rawHeaders);
  const proto = headers.get('x-forwarded-proto')?.at(-1)?.split(',').at(-1)?.trim().toLowerCase();
  const hops = (headers.get('x-forwarded-for') ?? [])
    .join(',')
    .split(',')
    .map((hop) => plain(hop.trim()));
  let sourceIp = peer;
  while (trusted(sourceIp)) {
    const hop = hops.pop();
    if (hop === undefined || hop === '') break;
    sourceIp = hop;
  }
  return { sourceIp, secureTransport: proto === undefined ? encrypted : proto === 'https' };
}

/** An IPv4 address on an IPv6 socket comes as `::ffff:1.2.3.4`. */
function plain(address: string | undefined): string | undefined {
  return address?.replace(/^::ffff:(\d+\.\d+\.\d+\.\d+)$/i, '$1');
}
