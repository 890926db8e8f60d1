/**
 * The registry's name in references of images. They have no place for an IPv6 address, and the server listens on both
 * loopback addresses.
 */
export function registryHost(): string {
  return location.host.replace(/^\[::1\]/, '127.0.0.1');
}
