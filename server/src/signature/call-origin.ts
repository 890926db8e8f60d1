import type { IncomingMessage } from 'node:http';
import { type IpRange, ipInRange, withoutMapping } from '#address/ip-range.ts';
import { readHeaders } from './headers.ts';

/** Where a call came from, according to trusted sources only. */
export interface CallOrigin {
  readonly sourceIp: string | undefined;
  readonly secureTransport: boolean;
}

/** The parts of a socket that say where its data comes from. Only a TLS socket has `encrypted`. */
interface PeerSocket {
  readonly remoteAddress?: string | undefined;
  readonly encrypted?: boolean;
}

/** The parts of a request that say where it came from. */
export type OriginMessage = Pick<IncomingMessage, 'rawHeaders'> & { readonly socket?: PeerSocket };

/**
 * The client's address and whether it used TLS. `X-Forwarded-For` is read from its end, as long as the addresses are trusted
 * proxies. An untrusted sender may have made up everything before its own address. `X-Forwarded-Proto` is trusted only from a
 * trusted proxy that is connected to this server.
 */
export function callOrigin({ socket, rawHeaders }: OriginMessage, trustedProxies: readonly IpRange[] = []): CallOrigin {
  const peer = socket?.remoteAddress && withoutMapping(socket.remoteAddress);
  const encrypted = socket?.encrypted === true;
  const trusted = (address: string | undefined) =>
    address !== undefined && trustedProxies.some((range) => ipInRange(address, range));
  if (!trusted(peer)) return { sourceIp: peer, secureTransport: encrypted };
  const headers = readHeaders(rawHeaders);
  const proto = headers.get('x-forwarded-proto')?.at(-1)?.split(',').at(-1)?.trim().toLowerCase();
  const hops = (headers.get('x-forwarded-for') ?? [])
    .join(',')
    .split(',')
    .map((hop) => withoutMapping(hop.trim()));
  let sourceIp = peer;
  while (trusted(sourceIp)) {
    const hop = hops.pop();
    if (hop === undefined || hop === '') break;
    sourceIp = hop;
  }
  return { sourceIp, secureTransport: proto === undefined ? encrypted : proto === 'https' };
}
