import { lookup } from 'node:dns/promises';
import { BlockList, isIP, isIPv4 } from 'node:net';

/**
 * Addresses that nothing a caller names may lead to, with the rule's name: loopback, private, link-local and other
 * special ranges (https://www.iana.org/assignments/iana-ipv4-special-registry and -ipv6-), and the IPv6 forms that
 * carry an IPv4 address inside.
 */
const DENIED: readonly (readonly [range: string, rule: string])[] = [
  ['0.0.0.0/8', 'this network'],
  ['10.0.0.0/8', 'private'],
  ['100.64.0.0/10', 'carrier-grade NAT'],
  ['127.0.0.0/8', 'loopback'],
  ['169.254.0.0/16', 'link-local'],
  ['172.16.0.0/12', 'private'],
  ['192.0.0.0/24', 'protocol assignments'],
  ['192.0.2.0/24', 'documentation'],
  ['192.168.0.0/16', 'private'],
  ['198.18.0.0/15', 'benchmarking'],
  ['224.0.0.0/3', 'multicast and reserved'],
  ['::/96', 'loopback and IPv4-compatible'],
  ['::ffff:0:0/96', 'IPv4-mapped'],
  ['64:ff9b::/96', 'IPv4 translation'],
  ['64:ff9b:1::/48', 'IPv4 translation'],
  ['2002::/16', '6to4'],
  ['fc00::/7', 'private'],
  ['fe80::/10', 'link-local'],
  ['ff00::/8', 'multicast'],
];

// A BlockList also matches an IPv4 address against IPv6 ranges, in its mapped form: each family keeps to its own rules.
const RULES = DENIED.map(([range, rule]) => ({
  family: range.includes(':') ? 'ipv6' : 'ipv4',
  name: `${rule} (${range})`,
  list: rangeList([range]),
}));

/** An address that a name led to was refused, or the name led nowhere; the sentence says why and what setting helps. */
export class AddressRefused extends Error {}

/** A name that leads nowhere, as far as this machine knows. */
export class AddressUnknown extends AddressRefused {}

/** Address ranges that an operator allows although a rule denies them. */
export type AllowedAddresses = BlockList;

/**
 * Parses a list of CIDR ranges or single addresses. Throws a `TypeError` that names the first that is neither.
 */
export function allowedAddresses(ranges: readonly string[]): AllowedAddresses {
  return rangeList(ranges);
}

/** What an operator allows of a host that they named themselves, wherever it stands. */
export const ANY_ADDRESS: AllowedAddresses = rangeList(['0.0.0.0/0', '::/0']);

/** The rule that denies an address, or undefined if it may be reached. */
export function denyingRule(address: string, allowed: AllowedAddresses): string | undefined {
  const plain = unmapped(address);
  const family = isIPv4(plain) ? 'ipv4' : 'ipv6';
  if (allowed.check(plain, family)) return undefined;
  return RULES.find((rule) => rule.family === family && rule.list.check(plain, family))?.name;
}

/**
 * Resolves a host once, so that what was checked is what is connected to. All its addresses must be allowed: one
 * that is not makes the name suspect. Throws `AddressRefused`.
 */
export async function resolvePinned(host: string, allowed: AllowedAddresses): Promise<string> {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  const addresses = isIP(bare) ? [bare] : await resolveAll(bare);
  for (const address of addresses) {
    const rule = denyingRule(address, allowed);
    if (rule)
      throw new AddressRefused(
        `${host} leads to ${address}, which the rule "${rule}" denies; the setting allow-addresses can allow it`,
      );
  }
  const [first] = addresses;
  if (first === undefined) throw new AddressRefused(`${host} has no address`);
  return first;
}

/** Whether an address lies in a range (CIDR); undefined for what is no address, false for a range that is none. */
export function isInRange(address: string, range: string): boolean | undefined {
  if (isIP(address) === 0) return undefined;
  const [start = ''] = range.split('/');
  return isIP(start) === isIP(address) && rangeList([range]).check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
}

async function resolveAll(host: string): Promise<string[]> {
  try {
    const found = await lookup(host, { all: true });
    return found.map((entry) => entry.address);
  } catch (error) {
    throw new AddressUnknown(`${host} cannot be resolved (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`, {
      cause: error,
    });
  }
}

function rangeList(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', prefix] = range.split('/');
    const family = isIPv4(address) ? 'ipv4' : 'ipv6';
    const longest = family === 'ipv4' ? 32 : 128;
    const bits = prefix === undefined ? longest : Number(prefix);
    if (isIP(address) === 0 || !/^\d{1,3}$/.test(String(bits)) || bits > longest)
      throw new TypeError(`${JSON.stringify(range)} is not an address range such as 10.0.0.0/8`);
    list.addSubnet(address, bits, family);
  }
  return list;
}

function unmapped(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  return mapped?.[1] ?? address;
}
