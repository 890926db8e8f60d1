import { BlockList, isIP } from 'node:net';

/** Addresses with the same leading bits. An IPv4 address and its IPv6-mapped form are the same address. */
export type IpRange = Pick<BlockList, 'check'>;

/** The ranges of a list as one. Throws a `TypeError` that names the first entry which is not an address or CIDR range. */
export function ipRangeOf(texts: readonly string[]): IpRange {
  const list = new BlockList();
  for (const text of texts)
    if (!addRange(list, text))
      throw new TypeError(`${JSON.stringify(text)} is not an address range such as 10.0.0.0/8`);
  return list;
}

/** Parses an address or CIDR range of either family; undefined for any other text. */
export function parseIpRange(text: string): IpRange | undefined {
  const range = new BlockList();
  return addRange(range, text) ? range : undefined;
}

/** Whether an address is in the range; false for a text that is not an address. */
export function ipInRange(text: string, range: IpRange): boolean {
  const address = withoutZone(text);
  const version = isIP(address);
  return version !== 0 && range.check(address, version === 4 ? 'ipv4' : 'ipv6');
}

/** Node reports an IPv4 address on an IPv6 socket as `::ffff:1.2.3.4`; this returns it as `1.2.3.4`. */
export function withoutMapping(address: string): string {
  return address.replace(/^::ffff:(\d+\.\d+\.\d+\.\d+)$/i, '$1');
}

/** Adds an address or CIDR range to a list; returns whether the text is one. */
function addRange(list: BlockList, text: string): boolean {
  const [typed = '', length, ...rest] = text.split('/');
  if (rest.length > 0 || (length !== undefined && !/^\d{1,3}$/.test(length))) return false;
  const address = withoutZone(typed);
  const version = isIP(address);
  const width = version === 4 ? 32 : 128;
  const bits = length === undefined ? width : Number(length);
  if (version === 0 || bits > width) return false;
  list.addSubnet(address, bits, version === 4 ? 'ipv4' : 'ipv6');
  return true;
}

/** `fe80::1%eth0` is an address together with the interface on which it was seen. */
function withoutZone(address: string): string {
  return address.includes(':') ? (address.split('%', 1)[0] ?? '') : address;
}
