import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { DENIED_RANGES } from './denied-ranges.ts';
import { type IpRange, ipInRange, ipRangeOf, parseIpRange, withoutMapping } from './ip-range.ts';

const RULES = DENIED_RANGES.map(([text, rule]) => ({ text, name: `${rule} (${text})`, range: ipRangeOf([text]) }));

/** A host resolved to an address that is denied, or to none. The message gives the reason and the setting that helps. */
export class AddressRefused extends Error {}

/** A host that this machine cannot resolve. */
export class AddressUnknown extends AddressRefused {}

/** Address ranges that an operator allows even though a rule denies them. */
export type AllowedAddresses = IpRange;

/**
 * Parses a list of CIDR ranges or single addresses. Throws a `TypeError` that names the first invalid entry.
 */
export function allowedAddresses(ranges: readonly string[]): AllowedAddresses {
  return ipRangeOf(ranges);
}

/** For a host that an operator configured: it may have any address. */
export const ANY_ADDRESS: AllowedAddresses = ipRangeOf(['0.0.0.0/0', '::/0']);

/**
 * The rule that denies an address, or undefined if it may be reached. `own` are this machine's current addresses, including
 * public ones: services that listen on them may not be meant for strangers.
 */
export function denyingRule(
  address: string,
  allowed: AllowedAddresses,
  own: readonly string[] = machineAddresses(),
): string | undefined {
  const plain = withoutMapping(address);
  if (ipInRange(plain, allowed)) return undefined;
  const rule = RULES.find(({ text, range }) => isSameFamily(text, plain) && ipInRange(plain, range));
  return rule?.name ?? (own.some((entry) => isRangeOf(entry, plain)) ? 'an address of this machine itself' : undefined);
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
  return isRangeOf(range, address);
}

function isRangeOf(text: string, address: string): boolean {
  const range = parseIpRange(text);
  return range !== undefined && isSameFamily(text, address) && ipInRange(address, range);
}

/** Rules are for one family each; `ipInRange` alone would find every IPv4 address in `::ffff:0:0/96`. */
function isSameFamily(text: string, address: string): boolean {
  return text.includes(':') === address.includes(':');
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
