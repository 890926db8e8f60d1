import { BlockList, isIP } from 'node:net';

/** Addresses with the same leading bits. An IPv4 address and its IPv6-mapped form are the same address. */
export type IpRange = Pick<BlockList, 'check'>;

/** Parses an address or CIDR range of either family; undefined for any other text. */
export function parseIpRange(text: string): IpRange | undefined {
  const [typed = '', length, ...rest] = text.split('/');
  if (rest.length > 0 || (length !== undefined && !/^\d{1,3}$/.test(length))) return undefined;
  const address = withoutZone(typed);
  const version = isIP(address);
  const width = version === 4 ? 32 : 128;
  const bits = length === undefined ? width : Number(length);
  if (version === 0 || bits > width) return undefined;
  const range = new BlockList();
  range.addSubnet(address, bits, version === 4 ? 'ipv4' : 'ipv6');
  return range;
}

/** Whether an address is in the range; false for a text that is not an address. */
export function ipInRange(text: string, range: IpRange): boolean {
  const address = withoutZone(text);
  const version = isIP(address);
  return version !== 0 && range.check(address, version === 4 ? 'ipv4' : 'ipv6');
}

/** `fe80::1%eth0` is an address together with the interface on which it was seen. */
function withoutZone(address: string): string {
  return address.includes(':') ? (address.split('%', 1)[0] ?? '') : address;
}
