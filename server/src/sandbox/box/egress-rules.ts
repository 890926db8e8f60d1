import { isIP } from 'node:net';
import { DENIED_IPV4_RANGES } from '#address/denied-ranges.ts';

/** How many refused connections the packet filter records for a build; later ones are refused too. */
const REMEMBERED_REFUSALS = 32;

/** slirp4netns's built-in name server, which forwards to the host's. */
export const RESOLVER_ADDRESS = '10.0.2.3';

/**
 * The packet filter of a box's network namespace, for `nft -f`. This filter, not slirp4netns's switch, keeps a build
 * from the host: slirp connects from the host, so the host's own addresses (hostAddresses) must be closed too.
 * `allowed` are the operator's exceptions, addresses or networks in CIDR form; they are checked first.
 */
export function egressRules(hostAddresses: readonly string[], allowed: readonly string[]): string {
  const own = hostAddresses.filter((address) => isIP(address) === 4);
  const rules = [
    'oif "lo" accept',
    'meta nfproto ipv6 drop',
    ...['udp', 'tcp'].map((protocol) => `ip daddr ${RESOLVER_ADDRESS} ${protocol} dport 53 accept`),
    ...allowed.map((range) => `ip daddr ${checkedRange(range)} oifname "tap0" accept`),
    ...refusals('ip daddr @own'),
    ...refusals(`ip daddr { ${DENIED_IPV4_RANGES.join(', ')} }`),
    'oifname "tap0" accept',
  ];
  // A set, so that addresses that the machine gets later can be added (own-addresses.ts).
  const elements = own.length === 0 ? '' : `\n    elements = { ${[...new Set(own)].join(', ')} }`;
  return `table inet slipway {
  set own {
    type ipv4_addr${elements}
  }
  set refused {
    type ipv4_addr . inet_proto . inet_service
    flags dynamic
    size ${REMEMBERED_REFUSALS}
  }
  chain output {
    type filter hook output priority 0; policy drop;
${rules.map((rule) => `    ${rule}`).join('\n')}
  }
}
`;
}

/**
 * A reset ends a TCP attempt at once; after an ICMP refusal the kernel would try again a second later. Recording is a
 * separate rule: when the set is full the rule does not match, but the refusal must still follow.
 */
function refusals(match: string): string[] {
  return [
    `${match} meta l4proto { tcp, udp } add @refused { ip daddr . meta l4proto . th dport }`,
    `${match} meta l4proto tcp reject with tcp reset`,
    `${match} reject with icmp type admin-prohibited`,
  ];
}

/** Returns an IPv4 address or network in nft's form. Throws on anything else. */
export function checkedRange(range: string): string {
  const [address = '', bits, ...more] = range.split('/');
  const bitsOk = bits === undefined || (/^\d{1,2}$/.test(bits) && Number(bits) <= 32);
  if (isIP(address) !== 4 || !bitsOk || more.length > 0) throw new Error(`not an IPv4 address or network: ${range}`);
  return range;
}
