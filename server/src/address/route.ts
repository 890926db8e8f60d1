import { AddressUnknown, type AllowedAddresses, isInRange, resolvePinned } from './address.ts';

/** How to reach outside hosts, as the operator configured it. */
export interface Proxies {
  /** `http://host:port`; undefined if all hosts are reached directly. */
  proxy: string | undefined;
  /** What is reached without the proxy: hosts, domains with their subdomains, addresses, CIDR ranges, or `*`. */
  direct: readonly string[];
}

/** Directly to the address that was checked, or through a proxy. */
export type Route = { address: string } | { proxy: string };

/**
 * How to reach a host. For a direct connection, the host is resolved once, checked and pinned. A proxy resolves hosts itself,
 * so nothing can be pinned; the addresses that this machine resolves the host to are still checked, and a host that only
 * the proxy can resolve passes. Throws `AddressRefused`.
 */
export async function findRoute(
  host: string,
  allowed: AllowedAddresses,
  proxies: Proxies,
  setting?: string,
): Promise<Route> {
  const { proxy } = proxies;
  if (proxy === undefined || proxies.direct.some((entry) => matchesEntry(host, entry)))
    return { address: await resolvePinned(host, allowed, setting) };
  await resolvePinned(host, allowed, setting).catch((error: unknown) => {
    if (!(error instanceof AddressUnknown)) throw error;
  });
  return { proxy };
}

/** Whether a host matches an entry in the form of `NO_PROXY`. */
export function matchesEntry(host: string, entry: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  const wanted = entry.replace(/^\*?\./, '').toLowerCase();
  if (entry === '*' || bare === wanted) return true;
  return isInRange(bare, wanted) ?? bare.endsWith(`.${wanted}`);
}
