import { AddressUnknown, type AllowedAddresses, isInRange, resolvePinned } from './address.ts';

/** How the world is reached, as an operator set it. */
export interface Proxies {
  /** `http://host:port`; undefined where everything is reached directly. */
  proxy: string | undefined;
  /** What is reached without it: hosts, domains with all below them, addresses, ranges (CIDR), or `*`. */
  direct: readonly string[];
}

/** To the very address that was checked, or through a proxy. */
export type Route = { address: string } | { proxy: string };

/**
 * How a host is reached. Directly, it is resolved once, checked and pinned. A proxy resolves by itself, so that nothing can
 * be pinned: what this machine resolves the host to is checked all the same, and a host that only the proxy knows passes.
 * Throws `AddressRefused`.
 */
export async function findRoute(host: string, allowed: AllowedAddresses, proxies: Proxies): Promise<Route> {
  const { proxy } = proxies;
  if (proxy === undefined || proxies.direct.some((entry) => matchesEntry(host, entry)))
    return { address: await resolvePinned(host, allowed) };
  await resolvePinned(host, allowed).catch((error: unknown) => {
    if (!(error instanceof AddressUnknown)) throw error;
  });
  return { proxy };
}

/** Whether a host is named by an entry as in `NO_PROXY`. */
export function matchesEntry(host: string, entry: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  const wanted = entry.replace(/^\*?\./, '').toLowerCase();
  if (entry === '*' || bare === wanted) return true;
  return isInRange(bare, wanted) ?? bare.endsWith(`.${wanted}`);
}
