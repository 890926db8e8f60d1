import { lookup } from 'node:dns/promises';
import { BlockList, isIP, isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { DENIED_RANGES } from './denied-ranges.ts';

// A BlockList also matches an IPv4 address, in its mapped form, against IPv6 ranges. So each rule applies to one family only.
const RULES = DENIED_RANGES.map(([range, rule]) => ({
  family: range.includes(':') ? 'ipv6' : 'ipv4',
  name: `${rule} (${range})`,
  list: rangeList([range]),
}));

/** A host resolved to an address that is denied, or to none. The message gives the reason and the setting that helps. */
export class AddressRefused extends Error {}

/** A host that this machine cannot resolve. */
export class AddressUnknown extends AddressRefused {}

/** Address ranges that an operator allows even though a rule denies them. */
export type AllowedAddresses = BlockList;

/**
 * Parses a list of CIDR ranges or single addresses. Throws a `TypeError` that names the first invalid entry.
 */
export function allowedAddresses(ranges: readonly string[]): AllowedAddresses {
  return rangeList(ranges);
}

/** For a host that an operator configured: it may have any address. */
export const ANY_ADDRESS: AllowedAddresses = rangeList(['0.0.0.0/0', '::/0']);

/**
 * The rule that denies an address, or undefined if it may be reached. `own` are this machine's current addresses, including
 * public ones: services that listen on them may not be meant for strangers.
 */
export function denyingRule(
  address: string,
  allowed: AllowedAddresses,
  own: readonly string[] = machineAddresses(),
): string | undefined {
  // Drop the interface name (fe80::1%eth0), which is not part of the address.
  const plain = unmapped(address.split('%', 1)[0] ?? '');
  const family = isIPv4(plain) ? 'ipv4' : 'ipv6';
  if (allowed.check(plain, family)) return undefined;
  const rule = RULES.find((entry) => entry.family === family && entry.list.check(plain, family))?.name;
  const isOwn = () => rangeList(own.filter((entry) => isIPv4(entry) === isIPv4(plain))).check(plain, family);
  return rule ?? (isOwn() ? 'an address of this machine itself' : undefined);
}

/**
 * Resolves a host once, so that the address checked is the address connected to. All its addresses must be allowed: a
 * single denied one makes the host suspect. Throws `AddressRefused`, which names the setting that can allow it.
 */
export async function resolvePinned(
  host: string,
  allowed: AllowedAddresses,
  setting = 'allow-addresses',
): Promise<string> {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  const addresses = isIP(bare) ? [bare] : await resolveAll(bare);
  for (const address of addresses) {
    const rule = denyingRule(address, allowed);
    if (rule)
      throw new AddressRefused(
        `${host} resolves to ${address}, which the rule "${rule}" denies; the setting ${setting} can allow it`,
      );
  }
  const [first] = addresses;
  if (first === undefined) throw new AddressRefused(`${host} has no address`);
  return first;
}

/** Whether an address is in a CIDR range. Undefined if `address` is not an address, false if `range` is not a range. */
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
