/** Addresses with the same leading bits. IPv4 is kept in its IPv6-mapped form, so that both forms are the same address. */
export interface IpRange {
  readonly first: bigint;
  readonly prefixBits: number;
}

const MAPPED = 0xffff_0000_0000n;

/** Parses an address or CIDR range of either family; undefined for any other text. */
export function parseIpRange(text: string): IpRange | undefined {
  const [address = '', length, ...rest] = text.split('/');
  if (rest.length > 0 || (length !== undefined && !/^\d{1,3}$/.test(length))) return undefined;
  const value = parseIp(address);
  if (value === undefined) return undefined;
  const width = address.includes(':') ? 128 : 32;
  const bits = length === undefined ? width : Number(length);
  if (bits > width) return undefined;
  return { first: value, prefixBits: 128 - width + bits };
}

/** Whether an address is in the range; false for a text that is not an address. */
export function ipInRange(address: string, range: IpRange): boolean {
  const value = parseIp(address);
  if (value === undefined) return false;
  const shift = BigInt(128 - range.prefixBits);
  return value >> shift === range.first >> shift;
}

function parseIp(text: string): bigint | undefined {
  if (!text.includes(':')) {
    const value = parseIpv4(text);
    return value === undefined ? undefined : MAPPED | value;
  }
  const halves = withHexTail(text.split('%', 1)[0] ?? '')?.split('::');
  if (halves === undefined || halves.length > 2) return undefined;
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...Array<string>(missing).fill('0'), ...tail];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return groups.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n);
}

/** Rewrites the IPv4 tail of `::ffff:1.2.3.4` as two hex groups. */
function withHexTail(text: string): string | undefined {
  if (!text.includes('.')) return text;
  const at = text.lastIndexOf(':') + 1;
  const value = parseIpv4(text.slice(at));
  if (value === undefined) return undefined;
  return `${text.slice(0, at)}${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`;
}

function parseIpv4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)) {
    return undefined;
  }
  return parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n);
}
