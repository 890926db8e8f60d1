import { isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Box } from './box.ts';
import { nftInBox } from './box-network.ts';

const LOOK_MS = 5000;

/** The current addresses of this machine, including public ones. */
export function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((list) => list?.map(({ address }) => address) ?? []);
}

/** Also blocks addresses that this machine gets while a box lives, as those it had when the box began are blocked. */
export function closeNewAddresses({ pid, end }: Pick<Box, 'pid' | 'end'>): void {
  // The first addresses are added again, since one may have appeared while the box was being made.
  const closed = new Set<string>();
  const look = async (): Promise<void> => {
    const fresh = ownAddresses().filter((address) => isIPv4(address) && !closed.has(address));
    if (fresh.length === 0) return;
    await nftInBox(pid, ['add', 'element', 'inet', 'slipway', 'own', `{ ${fresh.join(', ')} }`]);
    for (const address of fresh) closed.add(address);
  };
  // A box that is not set up yet is tried again.
  const timer = setInterval(() => void look().catch(() => undefined), LOOK_MS);
  const stop = (): void => clearInterval(timer);
  void end.then(stop, stop);
}
