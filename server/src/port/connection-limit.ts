import type { Server, Socket } from 'node:net';
import { Shares } from '#admission/shares.ts';
import { type IpRange, ipInRange } from '#ram/ip-range.ts';

/** How many connections one address may have open at once, and whose do not count: proxies hold those of many. */
export interface ConnectionLimit {
  readonly each: number;
  readonly exempt: readonly IpRange[];
}

const REFUSAL =
  'HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\nconnection: close\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: 38\r\n\r\nthis address has too many connections\n';

/** Answers connections past the limit with 503 and closes them, so that one address cannot take the port from all others. */
export function limitConnections(server: Server, limit: ConnectionLimit): void {
  const open = new Shares();
  // Under TLS `connection` comes before the handshake, which is what a flood would have the server pay for.
  server.prependListener('connection', (socket: Socket) => {
    const address = socket.remoteAddress?.replace(/^::ffff:(?=\d)/i, '');
    if (address === undefined || limit.exempt.some((range) => ipInRange(address, range))) return;
    open.add(address, 1);
    socket.once('close', () => open.add(address, -1));
    if (open.of(address) <= limit.each) return;
    socket.on('error', () => socket.destroy());
    socket.end(REFUSAL);
    socket.destroySoon();
  });
}
