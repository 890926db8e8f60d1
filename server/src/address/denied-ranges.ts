/** A range in CIDR form and the name of its rule. */
export type DeniedRange = readonly [range: string, rule: string];

/**
 * The ranges that no host named by a caller may resolve to: loopback, private, link-local and other special-purpose ranges
 * (https://www.iana.org/assignments/iana-ipv4-special-registry and -ipv6-). Two readers use this table: the check of addresses
 * for sources and base images, and the packet filter of builds. The only IPv4 documentation range in it is 192.0.2.0/24,
 * because mirrors use the others.
 */
export const DENIED_RANGES: readonly DeniedRange[] = [
  ['0.0.0.0/8', 'this network'],
  ['10.0.0.0/8', 'private'],
  ['100.64.0.0/10', 'carrier-grade NAT'],
  ['127.0.0.0/8', 'loopback'],
  ['169.254.0.0/16', 'link-local'],
  ['172.16.0.0/12', 'private'],
  ['192.0.0.0/24', 'protocol assignments'],
  ['192.0.2.0/24', 'documentation'],
  ['192.88.99.0/24', '6to4 relays'],
  ['192.168.0.0/16', 'private'],
  ['198.18.0.0/15', 'benchmarking'],
  ['224.0.0.0/3', 'multicast and reserved'],
  // These embed an IPv4 address, which may be in any of the ranges above.
  ['::/96', 'loopback and IPv4-compatible'],
  ['::ffff:0:0/96', 'IPv4-mapped'],
  ['::ffff:0:0:0/96', 'IPv4-translated'],
  ['64:ff9b::/96', 'IPv4 translation'],
  ['64:ff9b:1::/48', 'IPv4 translation'],
  ['2001::/32', 'Teredo'],
  ['2002::/16', '6to4'],
  ['100::/64', 'discard'],
  ['2001::/23', 'protocol assignments'],
  ['2001:db8::/32', 'documentation'],
  ['3ffe::/16', 'returned 6bone'],
  ['3fff::/20', 'documentation'],
  ['fc00::/7', 'private'],
  ['fe80::/10', 'link-local'],
  ['fec0::/10', 'site-local'],
  ['ff00::/8', 'multicast'],
  // Only 2000::/3 is global unicast. Ranges that are assigned later are denied already.
  ['::/3', 'not global'],
  ['4000::/2', 'not global'],
  ['8000::/1', 'not global'],
];

/** The IPv4 ranges only, in CIDR form. */
export const DENIED_IPV4_RANGES: readonly string[] = DENIED_RANGES.map(([range]) => range).filter(
  (range) => !range.includes(':'),
);
