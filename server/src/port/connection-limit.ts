import type { Server, Socket } from 'node:net';
import { type IpRange, ipInRange, withoutMapping } from '#address/ip-range.ts';
import { Shares } from '#admission/shares.ts';

/** The maximum number of open connections per address, and the addresses exempt from it: proxies connect for many clients. */
export interface ConnectionLimit {
  readonly each: number;
  readonly exempt: readonly IpRange[];
}

const REFUSAL =
  'HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\nconnection: close\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: 38\r\n\r\nthis address has too many connections\n';

/** Answers connections above the limit with 503 and closes them, so that one address cannot block the port for others. */
export function limitConnections(server: Server, limit: ConnectionLimit): void {
  const open = new Shares();
  // Under TLS, `connection` is emitted before the handshake, whose cost a flood would impose on the server.
  server.prependListener('connection', (socket: Socket) => {
    if (socket.remoteAddress === undefined) return;
    const address = withoutMapping(socket.remoteAddress);
    if (limit.exempt.some((range) => ipInRange(address, range))) return;
    open.add(address, 1);
    socket.once('close', () => open.add(address, -1));
    if (open.of(address) <= limit.each) return;
    socket.on('error', () => socket.destroy());
    socket.end(REFUSAL);
    socket.destroySoon();
  });
}
