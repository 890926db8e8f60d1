import { lookup } from 'node:dns/promises';
import { BlockList, isIP, isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { DENIED_RANGES } from './denied-ranges.ts';

// A BlockList also matches an IPv4 address against IPv6 ranges, in its mapped form: each family keeps to its own rules.
const RULES = DENIED_RANGES.map(([range, rule]) => ({
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

/**
 * The rule that denies an address, or undefined if it may be reached. `own` are the addresses of this machine, public ones
 * too, as they are at this moment: what listens on them need not be for strangers.
 */
export function denyingRule(
  address: string,
  allowed: AllowedAddresses,
  own: readonly string[] = machineAddresses(),
): string | undefined {
  // A link's name (fe80::1%eth0) is no part of the address.
  const plain = unmapped(address.split('%', 1)[0] ?? '');
  const family = isIPv4(plain) ? 'ipv4' : 'ipv6';
  if (allowed.check(plain, family)) return undefined;
  const rule = RULES.find((entry) => entry.family === family && entry.list.check(plain, family))?.name;
  const isOwn = () => rangeList(own.filter((entry) => isIPv4(entry) === isIPv4(plain))).check(plain, family);
  return rule ?? (isOwn() ? 'an address of this machine itself' : undefined);
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

function machineAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((list) => list?.map(({ address }) => address) ?? []);
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
