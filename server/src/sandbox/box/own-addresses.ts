import { isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { nftInBox } from './box-network.ts';

const LOOK_MS = 5000;

/** The current addresses of this machine, including public ones. */
export function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((list) => list?.map(({ address }) => address) ?? []);
}

/**
 * Also blocks addresses that this machine gets while a box lives, as those it had when the box began are blocked.
 * Returns a function that ends the watch.
 */
export function closeNewAddresses(boxPid: number | undefined): () => void {
  // The first addresses are added again, since one may have appeared while the box was being made.
  const closed = new Set<string>();
  const look = async (): Promise<void> => {
    const fresh = ownAddresses().filter((address) => isIPv4(address) && !closed.has(address));
    if (fresh.length === 0) return;
    await nftInBox(boxPid, ['add', 'element', 'inet', 'slipway', 'own', `{ ${fresh.join(', ')} }`]);
    for (const address of fresh) closed.add(address);
  };
  // A box that is not set up yet is tried again; one that has ended needs nothing.
  const timer = setInterval(() => void look().catch(() => undefined), LOOK_MS);
  return () => clearInterval(timer);
}
