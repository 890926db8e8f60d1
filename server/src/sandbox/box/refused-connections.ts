import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { RefusedConnection } from '../protocol/reply.ts';
import { nftInBox } from './box-network.ts';

const PROTOCOLS: Record<number, RefusedConnection['protocol']> = { 6: 'tcp', 17: 'udp' };

/**
 * Writes the packet filter's record of a box that is about to be killed. boxinit.sh does the same for a box that ends
 * by itself.
 */
export async function noteRefusedConnections(boxPid: number | undefined, file: string): Promise<void> {
  try {
    writeFileSync(file, await nftInBox(boxPid, ['-n', '-j', 'list', 'set', 'inet', 'slipway', 'refused']));
  } catch {
    // The box is not set up yet or has ended: it is killed anyway, and the record only explains a failure.
  }
}

/** Reads the packet filter's record that boxinit.sh wrote; empty if the box had none. */
export function readRefusedConnections(file: string, hostAddresses: readonly string[]): RefusedConnection[] {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  return text.trim() === '' ? [] : parseRefusedConnections(text, hostAddresses);
}

/** Parses `nft -n -j list set` of the set `refused` (libnftables-json(5)), sorted by address and port. */
export function parseRefusedConnections(text: string, hostAddresses: readonly string[]): RefusedConnection[] {
  const { nftables } = JSON.parse(text) as { nftables: { set?: { elem?: { concat: [string, number, number] }[] } }[] };
  return nftables
    .flatMap(({ set }) => set?.elem ?? [])
    .flatMap(({ concat: [address, number, port] }): RefusedConnection[] => {
      const protocol = PROTOCOLS[number];
      if (protocol === undefined) return [];
      return [{ address, protocol, port, of: hostAddresses.includes(address) ? 'host' : 'private' }];
    })
    .toSorted((a, b) => a.address.localeCompare(b.address) || a.port - b.port || a.protocol.localeCompare(b.protocol));
}
